//! The `cordon` command.

use std::process::ExitCode;

use clap::Parser;
use cordon::arguments::{Arguments, Command};
use cordon::{analyze, why};

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cordon: {failure}");
            failure.exit_code()
        }
    }
}
