//! Any bytes as a key file, as the fuzz target throws them.

#[path = "../../../fuzz/inputs.rs"]
mod inputs;

#[test]
fn any_bytes_are_a_key_or_none() {
    inputs::throw(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/key-files"), ec2dash_keys::hostile::key_files);
}
