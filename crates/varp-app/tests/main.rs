//! What the program promises, as a whole.

mod http;
mod tidy;
