//! The text of a linear model of coregionalisation: the grammar of models with a matrix in the
//! place of each sill.

use std::fmt;
use std::str::FromStr;

use super::grammar::{Named, Reader};
use super::{Coregionalisation, SharedStructure};
use crate::error::ModelError;

impl FromStr for Coregionalisation {
    type Err = ModelError;

    /// Reads terms joined by `+`, each a matrix of sills and a name as in a
    /// [`Model`](super::Model): `[0.05, 0.01; 0.01, 0.08] nug + [0.6, 0.3; 0.3, 0.7] sph(897)`.
    /// Rows are separated by `;`, numbers by `,`; the lower triangle alone will do:
    /// `[0.05; 0.01, 0.08]`. A bare number is the matrix of one variable.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        let mut reader = Reader::new(text);
        let mut nugget: Option<Vec<f64>> = None;
        let mut structures = Vec::new();
        let mut variables = 0;
        loop {
            let start = reader.skip();
            let (size, matrix) = reader.matrix()?;
            if variables != 0 && size != variables {
                let hint = format!("the first matrix has {variables} rows, all need as many");
                return Err(reader.error(start, "is a matrix of another size", hint));
            }
            variables = size;
            let start = reader.skip();
            let name = reader.word().to_ascii_lowercase();
            if name == "nug" {
                let sum = nugget.get_or_insert_with(|| vec![0.0; size * size]);
                sum.iter_mut().zip(&matrix).for_each(|(s, m)| *s += m);
            } else {
                let s = reader.structure(1.0, &name, start)?;
                structures
                    .push((SharedStructure { shape: s.shape, ellipsoid: s.ellipsoid }, matrix));
            }
            if reader.skip() == reader.text.len() {
                let nugget = nugget.unwrap_or_else(|| vec![0.0; size * size]);
                return Self::new(variables, nugget, structures);
            }
            reader.expect('+', "is not expected here", "terms are joined by +")?;
        }
    }
}

impl Reader<'_> {
    /// A matrix in square brackets, or one number; returns its size and its numbers by row.
    fn matrix(&mut self) -> Result<(usize, Vec<f64>), ModelError> {
        const HINT: &str = "a term is a matrix and a name: [0.6, 0.3; 0.3, 0.7] sph(897)";
        let start = self.skip();
        if !self.take('[') {
            return Ok((1, vec![self.number("is no sill", HINT)?]));
        }
        let mut rows: Vec<Vec<f64>> = vec![Vec::new()];
        loop {
            let number = self.number("is no sill", HINT)?;
            rows.last_mut().expect("there is a first row").push(number);
            if self.take(';') {
                rows.push(Vec::new());
            } else if !self.take(',') {
                break;
            }
        }
        self.expect(']', "does not close the matrix", "numbers are separated by , and rows by ;")?;
        let size = rows.len();
        let triangle = rows.iter().enumerate().all(|(i, row)| row.len() == i + 1);
        if !triangle && rows.iter().any(|row| row.len() != size) {
            let hint = "write all rows as long as there are rows, or the lower triangle".into();
            return Err(self.error(start, "is not square", hint));
        }
        let at = |i: usize, j: usize| {
            if triangle && j > i { rows[j][i] } else { rows[i][j] }
        };
        Ok((size, (0..size * size).map(|k| at(k / size, k % size)).collect()))
    }
}

impl fmt::Display for Coregionalisation {
    /// Writes what `from_str` reads back to an equal model.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.variables();
        let matrix = |sills: &[f64]| {
            let row = |i: usize| {
                let numbers = sills[i * n..][..n].iter().map(f64::to_string);
                numbers.collect::<Vec<_>>().join(", ")
            };
            format!("[{}]", (0..n).map(row).collect::<Vec<_>>().join("; "))
        };
        let mut separator = "";
        if self.nugget().iter().any(|v| *v != 0.0) || self.structures().is_empty() {
            write!(f, "{} nug", matrix(self.nugget()))?;
            separator = " + ";
        }
        for (structure, sills) in self.structures() {
            let named = Named(structure.shape, structure.ellipsoid);
            write!(f, "{separator}{} {named}", matrix(sills))?;
            separator = " + ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_come_back_from_their_own_text() {
        for text in [
            "[0.05, 0.01; 0.01, 0.08] nug + [0.6, 0.3; 0.3, 0.7] sph(897)",
            "[1, 0.5; 0.5, 1] exp(a=40, 20; azimuth=30)",
            "[2] nug",
        ] {
            let model: Coregionalisation = text.parse().unwrap();
            assert_eq!(model.to_string(), text);
        }
    }

    #[test]
    fn a_lower_triangle_is_the_whole_matrix() {
        let whole: Coregionalisation = "[1, 0.5; 0.5, 2] sph(3)".parse().unwrap();
        assert_eq!("[1; 0.5, 2] sph(3)".parse(), Ok(whole));
        let one: Coregionalisation = "0.1 nug + 1 sph(3)".parse().unwrap();
        assert_eq!(one.variables(), 1);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("[1, 2] sph(3)", "square"),
            ("[1, 2; 3] sph(3)", "square"),
            ("[1, 0; 0, 1] nug + [1] sph(3)", "another size"),
            ("[1, 2; 2, 1] sph(3)", "positive"),
            ("[1, 0; 0, 1 sph(3)", "close"),
            ("[] sph(3)", "sill"),
            ("[1, 0; 0, 1] exp(3)", "which range"),
        ] {
            let message = text.parse::<Coregionalisation>().unwrap_err().to_string();
            assert!(message.contains(word), "{text}: {message}");
        }
    }
}
