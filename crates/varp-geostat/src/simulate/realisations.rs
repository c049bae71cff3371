use rayon::prelude::*;

use super::SimulationError;

/// Simulated values, kept in chunks of realisations that were simulated together.
#[derive(Debug, Clone, PartialEq)]
pub struct Realisations {
    pub(crate) nodes: usize,
    pub(crate) chunks: Vec<Chunk>,
}

/// Some consecutive realisations, all values of a node side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    pub(crate) first: usize,
    pub(crate) count: usize,
    /// Values per node in memory, `count` or a few more.
    pub(crate) stride: usize,
    pub(crate) values: Vec<f64>,
}

impl Chunk {
    /// Number of the first realisation.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Number of realisations.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Values of one node, one for each realisation of the chunk.
    #[inline]
    pub fn at(&self, node: usize) -> &[f64] {
        &self.values[node * self.stride..][..self.count]
    }

    /// Applies a function to every value.
    pub fn map(&mut self, f: impl Fn(f64) -> f64) {
        self.values.iter_mut().for_each(|v| *v = f(*v));
    }
}

impl Realisations {
    /// From whole realisations, each with one value for each node.
    ///
    /// # Errors
    /// No realisations, or of different length.
    pub fn from_fields(fields: Vec<Vec<f64>>) -> Result<Self, SimulationError> {
        let nodes = fields.first().map_or(0, Vec::len);
        if let Some(field) = fields.iter().find(|f| f.len() != nodes || nodes == 0) {
            return Err(SimulationError::Mismatch {
                found: 1,
                nodes: field.len(),
                expected: 1,
                expected_nodes: nodes,
            });
        }
        let chunk = |(first, values)| Chunk { first, count: 1, stride: 1, values };
        Ok(Self { nodes, chunks: fields.into_iter().enumerate().map(chunk).collect() })
    }

    /// Number of realisations.
    pub fn count(&self) -> usize {
        self.chunks.iter().map(|c| c.count).sum()
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The chunks, in order of realisations.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// A copy of one realisation, nodes in grid order.
    ///
    /// # Panics
    /// If there is no such realisation.
    pub fn field(&self, realisation: usize) -> Vec<f64> {
        let inside = |c: &&Chunk| (c.first..c.first + c.count).contains(&realisation);
        let chunk = self.chunks.iter().find(inside).expect("realisations are numbered from 0");
        let lane = realisation - chunk.first;
        (0..self.nodes).map(|node| chunk.values[node * chunk.stride + lane]).collect()
    }

    /// Copies the values of one node, one for each realisation, into `out`.
    pub fn at(&self, node: usize, out: &mut Vec<f64>) {
        out.clear();
        self.chunks.iter().for_each(|c| out.extend_from_slice(c.at(node)));
    }

    /// Applies a function to every value, for instance the back-transform of normal scores.
    pub fn map(&mut self, f: impl Fn(f64) -> f64 + Sync) {
        self.chunks.par_iter_mut().for_each(|c| c.map(&f));
    }

    /// One number per node from its values over all realisations, in grid order.
    pub fn per_node<T: Send>(&self, f: impl Fn(&mut [f64]) -> T + Sync) -> Vec<T> {
        let work = |buffer: &mut Vec<f64>, node| {
            self.at(node, buffer);
            f(buffer)
        };
        (0..self.nodes).into_par_iter().with_min_len(256).map_init(Vec::new, work).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_as_they_went_in() {
        let fields = vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
        let mut realisations = Realisations::from_fields(fields.clone()).unwrap();
        assert_eq!(realisations.field(1), fields[1]);
        let mut values = Vec::new();
        realisations.at(2, &mut values);
        assert_eq!(values, [3.0, 6.0]);
        realisations.map(|v| 10.0 * v);
        assert_eq!(realisations.per_node(|v| v[0] + v[1]), [50.0, 70.0, 90.0]);
    }

    #[test]
    fn fields_of_different_length_are_refused() {
        assert!(Realisations::from_fields(vec![vec![1.0], vec![1.0, 2.0]]).is_err());
        assert!(Realisations::from_fields(vec![Vec::new()]).is_err());
    }
}
