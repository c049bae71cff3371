//! The structure tree under way: what is a heading, a list, a table, and which marks on which page
//! belong to it.

/// What a part of the document is.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// The whole.
    Document,
    /// A heading of this level, with its words.
    Heading(u8, String),
    /// A paragraph.
    Paragraph,
    /// A list.
    List,
    /// An item of a list.
    Item,
    /// The dot or the name of an item.
    Label,
    /// What an item says.
    Body,
    /// A table, with what it shows.
    Table(String),
    /// Its header rows.
    Head,
    /// Its other rows.
    Rows,
    /// A row.
    Row,
    /// The header of a column.
    ColumnHeader,
    /// The header of a row.
    RowHeader,
    /// A cell.
    Cell,
    /// A figure, with what it shows in words.
    Figure(String),
    /// What stands with a table or figure.
    Caption,
    /// A link.
    Link,
}

/// A part of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    /// Another node.
    Node(usize),
    /// A mark: page and place on it.
    Mark(usize, usize),
    /// The live area of a link: page and place of its text.
    Area(usize, usize),
}

/// The nodes, the first being the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree(pub Vec<(Role, Vec<Child>)>);

impl Tree {
    /// The document alone.
    pub fn new() -> Self {
        Self(vec![(Role::Document, Vec::new())])
    }

    /// A new node below `parent`.
    pub fn node(&mut self, parent: usize, role: Role) -> usize {
        let id = self.0.len();
        self.0.push((role, Vec::new()));
        self.push(parent, Child::Node(id));
        id
    }

    /// A child of a node.
    pub fn push(&mut self, parent: usize, child: Child) {
        self.0[parent].1.push(child);
    }
}
