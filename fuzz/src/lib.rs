//! The modules of ec2dash that read foreign bytes, with what throws bytes at them, and without the AWS SDK.

#![allow(dead_code, unused_imports)]

#[path = "../../src/access/mod.rs"]
mod access;
#[path = "../../src/columns/mod.rs"]
mod columns;
#[path = "../../src/config/mod.rs"]
mod config;
#[path = "../../src/model/mod.rs"]
mod model;
#[path = "../../src/text/mod.rs"]
mod text;

/// The filter language and the gate to the screen.
#[path = "../../src/model/hostile.rs"]
pub mod of_model;

/// The configuration file.
#[path = "../../src/config/hostile.rs"]
pub mod of_config;

/// The AWS files, policies and pages of instances.
#[path = "../../src/aws"]
pub mod aws {
    mod described;
    mod flaw;
    pub mod hostile;
    mod page;
    mod policy;

    /// As in the program, but for what the SDK does with it.
    mod files {
        mod name;
        mod regular;
        mod sections;

        pub fn regular_text(config: &str, credentials: &str) -> String {
            let source = |text| regular::Source { file: "", text };
            regular::make(&source(config), &source(credentials)).text
        }
    }
}

/// Recordings.
#[path = "../../src/session/recording"]
pub mod recording {
    mod cast;
    pub mod hostile;
}

/// The keyboard's end.
#[path = "../../src/terminal"]
pub mod terminal {
    pub mod hostile;
    mod keys;
}
