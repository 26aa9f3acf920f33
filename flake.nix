# For Nix: `nix build`, `nix run . -- --demo`. Untested: it was written without a Nix to run it, and so there is no flake.lock yet;
# `nix flake lock` makes one. The pinned nixpkgs needs the Rust of Cargo.toml's rust-version.
{
  description = "Terminal dashboard and command line for getting into EC2 instances";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEach = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = forEach (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          manifest = nixpkgs.lib.importTOML ./Cargo.toml;
        in
        {
          default = pkgs.rustPlatform.buildRustPackage {
            pname = manifest.package.name;
            version = manifest.package.version;
            src = self;
            cargoLock.lockFile = ./Cargo.lock;
            cargoBuildFlags = [ "--bin=ec2dash" ];
            doCheck = false; # the tests drive OpenSSH servers, terminals and loopback: ./tests/run
            preBuild = ''
              export EC2DASH_COMMIT=${self.shortRev or ""} SOURCE_DATE_EPOCH=${toString self.lastModified}
            '';
            nativeBuildInputs = [ pkgs.installShellFiles ];
            postInstall = nixpkgs.lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
              $out/bin/ec2dash man > ec2dash.1
              $out/bin/ec2dash completions bash > ec2dash.bash
              $out/bin/ec2dash completions zsh > _ec2dash
              $out/bin/ec2dash completions fish > ec2dash.fish
              installManPage ec2dash.1
              installShellCompletion ec2dash.bash _ec2dash ec2dash.fish
            '';
            meta = {
              description = manifest.package.description;
              license = with nixpkgs.lib.licenses; [
                mit
                asl20
              ];
              mainProgram = "ec2dash";
            };
          };
        }
      );
    };
}
