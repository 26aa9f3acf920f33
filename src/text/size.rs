//! An amount of data in few columns: `88 KB`, `1.2 MB`.

/// The amount in the unit that leaves at most three digits before the point.
pub fn size(bytes: u64) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut tenths = bytes / 100;
    let mut units = ["KB", "MB", "GB", "TB", "PB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    while tenths >= 10_000
        && let Some(next) = units.next()
    {
        tenths /= 1_000;
        unit = next;
    }
    if tenths < 100 { format!("{}.{} {unit}", tenths / 10, tenths % 10) } else { format!("{} {unit}", tenths / 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_amounts_have_a_decimal_and_large_ones_none() {
        for (bytes, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 KB"),
            (88_400, "88 KB"),
            (999_999, "999 KB"),
            (1_234_567, "1.2 MB"),
            (31_000_000, "31 MB"),
            (u64::MAX, "18446 PB"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }
}
