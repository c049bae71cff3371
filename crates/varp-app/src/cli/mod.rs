//! The command line: one file per command, thin doors to [`jobs`](crate::jobs).
//!
//! Results go to stdout, messages to stderr. Exit 0 is clean, 1 is findings, 2 is failed or misused.

mod adopt;
mod agree;
mod annotate;
mod arguments;
mod attach;
mod differences;
mod settings;
mod show;
mod stage;

mod backup;
mod capture;
mod classify;
mod decision;
mod demo;
mod desk;
mod doctor;
mod duty;
mod edition;
mod estimate;
mod exchange;
mod explain;
mod export;
mod geostat;
mod import;
mod map;
mod matching;
mod moved;
mod prefer;
mod prices;
mod protocol;
mod review;
mod rules;
mod serve;
mod undo;
mod unfc;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

pub use arguments::{Arguments, Command};
pub use settings::Settings;

/// How a command ended, if it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to complain about.
    Clean,
    /// Something was found that a person should look at.
    Findings,
}

/// Reads the arguments of the process and runs the command.
pub fn main() -> ExitCode {
    let words = match geostat::plan::expanded(std::env::args_os().collect()) {
        Ok(words) => words,
        Err(error) => {
            show::failure(&error);
            return ExitCode::from(2);
        }
    };
    let matches = Arguments::command().get_matches_from(words);
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match run(&arguments, &matches) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            show::failure(&error);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments, matches: &ArgMatches) -> anyhow::Result<Outcome> {
    let settings = Settings::find(arguments.register.as_deref())?;
    match &arguments.command {
        Command::Demo(command) => demo::run(command, &settings),
        Command::Import(command) => import::run(command, &settings),
        Command::Map(command) => map::run(command, &settings),
        Command::Serve(command) => serve::run(command, &settings),
        Command::Backup(command) => backup::run(command, &settings),
        Command::Export(command) => export::run(command, &settings),
        Command::Explain(command) => explain::run(command, &settings),
        Command::Prefer(command) => prefer::run(command, &settings),
        Command::Match(command) => matching::run(command, &settings),
        Command::Undo(command) => undo::run(command, &settings),
        Command::Doctor(command) => doctor::run(command, &settings),
        Command::Classify(command) => classify::run(command, &settings),
        Command::Adopt(command) => adopt::run(command, &settings),
        Command::Edition(command) => edition::run(command, &settings),
        Command::Unfc(command) => unfc::run(command),
        Command::Exchange(command) => exchange::run(command, &settings),
        Command::Rules(command) => rules::run(command, &settings),
        Command::Estimate(command) => estimate::run(command, &settings),
        Command::Attach(command) => attach::run(command, &settings),
        Command::Capture(command) => capture::run(command, &settings),
        Command::Review(command) => review::run(command, &settings),
        Command::Duty(command) => duty::run(command, &settings),
        Command::Geostat(command) => geostat::run(command, matches),
        Command::Screen(command) => decision::screen::run(command, &settings),
        Command::Rank(command) => decision::rank::run(command, &settings),
        Command::Portfolio(command) => decision::portfolio::run(command, &settings),
        Command::Pilot(command) => decision::pilot::run(command, &settings),
        Command::Circularity(command) => decision::circularity::run(command, &settings),
    }
}
