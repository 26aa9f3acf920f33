#!/usr/bin/env python3
"""The stripped release binary, and its largest parts (with an unstripped build, by `nm`)."""
import collections
import re
import subprocess

from common import EC2DASH, ROOT, need

need(EC2DASH, "cargo build --release --locked")
size = EC2DASH.stat().st_size
print(f"{size / 1e6:.1f} MB stripped (at most 28: {size <= 28e6})")
unstripped = ROOT / "target/size/release/ec2dash"
if not unstripped.exists():
    print("for the largest parts: CARGO_PROFILE_RELEASE_STRIP=none cargo build --release --locked --target-dir target/size")
else:
    parts = collections.Counter()
    names = subprocess.run(["nm", "-C", "--size-sort", "-S", unstripped], capture_output=True, text=True, check=True).stdout
    for line in names.splitlines():
        fields = line.split(maxsplit=3)
        if len(fields) == 4:
            crate = re.match(r"<?&?(?:mut )?([a-z_0-9]+)(?:::|\[)", fields[3])
            parts[crate[1] if crate else "other"] += int(fields[1], 16)
    for name, bytes_ in parts.most_common(12):
        print(f"{bytes_ / 1e6:7.2f} MB  {name}")
