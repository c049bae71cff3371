//! A long computation seen from outside: a bar on a terminal, and a stop by ctrl-c or SIGTERM.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Once};

use indicatif::{ProgressBar, ProgressStyle};
use varp_geostat::progress::{Cancelled, Progress};

use crate::http::on_stop;

static STOP: AtomicBool = AtomicBool::new(false);
static WATCHED: Once = Once::new();
static BAR: LazyLock<ProgressBar> = LazyLock::new(|| {
    let style = ProgressStyle::with_template("{bar:40} {percent} %  {elapsed}");
    let bar = ProgressBar::new(1000);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
});

/// The progress of this process; from the first call on a signal stops computations, which then
/// end with an error and write nothing. A second one ends the program at once.
pub fn progress() -> Progress<'static> {
    WATCHED.call_once(|| {
        let stop = || {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(2);
            }
        };
        // Where signals cannot be watched they end the program as they always did.
        let _ = on_stop(stop);
    });
    Progress::none().reporting(&report).cancelled_by(&STOP)
}

/// Fails once the process was asked to stop.
pub fn go_on() -> Result<(), Cancelled> {
    Progress::none().cancelled_by(&STOP).step(0, 1)
}

fn report(done: f64) {
    if BAR.is_finished() {
        BAR.reset();
    }
    BAR.set_position((done * 1000.0) as u64);
    if done >= 1.0 {
        BAR.finish_and_clear();
    }
}
