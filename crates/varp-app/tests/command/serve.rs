//! Serving, and its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use super::{import, table, varp};

#[test]
fn a_server_told_to_end_leaves_one_plain_file() {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("r.gpkg");
    assert!(import(&register, &table(folder.path(), 1)).status().unwrap().success());
    let mut server = varp(&register)
        .args(["serve", "--quiet", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"GET /conformance HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(register.with_extension("gpkg-wal").exists(), "the register is open");
    if cfg!(unix) {
        let id = server.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(server.wait().unwrap().success());
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("gpkg-")), "{left:?}");
    } else {
        server.kill().unwrap();
        server.wait().unwrap();
    }
}
