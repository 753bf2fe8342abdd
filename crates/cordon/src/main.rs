//! The `cordon` command.

use std::process::ExitCode;

use clap::Parser;
use cordon::arguments::{Arguments, Command};
use cordon::{analyze, feeds, hospital, interrupted, plan, risk, say, score, why};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    cordon::sense::leave_no_core();
    let done = match Arguments::parse().command {
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
        Command::Hospital(arguments) => hospital::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::Feeds(arguments) => feeds::run(&arguments),
        Command::Risk(arguments) => risk::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        #[cfg(target_os = "linux")]
        Command::Serve(arguments) => cordon::serve::run(&arguments),
        #[cfg(target_os = "linux")]
        Command::Backup(arguments) => cordon::serve::backup(&arguments),
        #[cfg(target_os = "linux")]
        Command::Restore(arguments) => cordon::serve::restore(&arguments),
        #[cfg(target_os = "linux")]
        Command::SenseCard { card } => cordon::sense::card(&card),
        #[cfg(target_os = "linux")]
        Command::SenseDecode => cordon::sense::decode(),
        #[cfg(target_os = "linux")]
        Command::SenseFile { size } => cordon::sense::file(size),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // If an interruption is what made the work fail, that alone is told.
            let _stopped = interrupted::hold();
            say(&failure.said());
            failure.exit_code()
        }
    }
}
