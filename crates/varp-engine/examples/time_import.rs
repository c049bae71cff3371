//! How long does reading and checking a table take, without a register behind it?
//! `cargo run --release --example time_import -- TABLE MAPPING`

use std::fs::File;
use std::time::Instant;

use varp_engine::import::{Accept, Content, Input, Mapping, Options, Output, run};
use varp_model::References;

#[expect(clippy::print_stdout, reason = "the answer")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, mapping] = arguments.as_slice() else { panic!("needs TABLE and MAPPING") };
    let mapping = std::fs::read_to_string(mapping).expect("the mapping can be read");
    let mapping = Mapping::parse(&mapping).expect("the mapping is right");
    let references = References::embedded();
    let options = Options { accept: Accept::ValidRows, ..Options::new(&references) };
    let file = File::open(table).expect("the table can be opened");
    let size = file.metadata().map_or(0, |m| m.len());
    let input = Input { name: table.clone(), content: Content::Bytes(Box::new(file)) };
    let start = Instant::now();
    let (mut samples, mut assays, mut rejected) = (0_usize, 0_usize, 0_usize);
    let report = run(vec![input], &mapping, &options, |output| {
        match output {
            Output::Batch(batch) => {
                samples += batch.samples.len();
                assays += batch.samples.iter().map(|s| s.assays.len()).sum::<usize>();
            }
            Output::Rejected(_) => rejected += 1,
        }
        Ok::<(), ()>(())
    })
    .expect("the sink takes everything");
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = size as f64 / 1e6;
    println!("{samples} samples, {assays} assays, {rejected} rejected rows");
    println!("{} errors, {} warnings", report.issues.errors(), report.issues.warnings());
    println!("{seconds:.2} s for {megabytes:.1} MB: {:.1} MB/s", megabytes / seconds);
    for group in report.issues.groups().iter().take(20) {
        println!("{group}");
    }
}
