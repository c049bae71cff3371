//! What the program promises, as a whole.

mod tidy;
