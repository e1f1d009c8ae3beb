//! Charts as data: what draws one, where it stands, and its words.

use centurion_plot::Frame;

/// What draws a chart at a size.
type Draw<'a> = Box<dyn Fn(ChartSize) -> Drawing + 'a>;

/// A chart that is drawn where it is shown.
pub(crate) struct Chart<'a> {
    pub(crate) layout: Layout,
    /// The file it is as well, if there is room for it.
    pub(crate) file: Option<ChartFile>,
    /// Whether a pointer can ask it for names and numbers.
    pub(crate) hovers: bool,
    pub(crate) draw: Draw<'a>,
}

impl<'a> Chart<'a> {
    pub(crate) fn new(layout: Layout, draw: impl Fn(ChartSize) -> Drawing + 'a) -> Self {
        Self { layout, file: None, hovers: true, draw: Box::new(draw) }
    }

    /// One that is for the eye only.
    pub(crate) fn still(self) -> Self {
        Self { hovers: false, ..self }
    }

    /// One of a simulated machine, which every drawing of it says.
    pub(crate) fn of_simulated(self) -> Self {
        let draw = self.draw;
        Self { draw: Box::new(move |size| draw(ChartSize { simulated: true, ..size })), ..self }
    }

    pub(crate) fn filed(self, name: impl Into<String>, wanted: FilePriority) -> Self {
        Self { file: Some(ChartFile { name: name.into(), wanted }), ..self }
    }
}

/// A chart among the files of a report.
pub(crate) struct ChartFile {
    /// Its name without the ending.
    pub(crate) name: String,
    /// Whether others give way to it.
    pub(crate) wanted: FilePriority,
}

/// How much a chart is wanted among the files, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FilePriority {
    /// In any case.
    Always,
    /// Before others.
    First,
    /// Where there is room.
    Last,
}

/// How much room a chart takes on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The whole width, whatever that is.
    Full,
    /// Side by side with others.
    Small,
    /// Its own width: it is moved sideways, under this name, where there is no room.
    Panned(String),
}

/// Where a chart goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChartSize {
    /// Pixels.
    pub(crate) width: u32,
    /// Ends every id, so that two sizes of a chart fit one page.
    pub(crate) suffix: &'static str,
    /// Whether it is a file of its own.
    pub(crate) file: bool,
    /// Whether a pointer can ask for names and numbers.
    pub(crate) hovers: bool,
    /// Whether it is of a simulated machine.
    pub(crate) simulated: bool,
}

impl ChartSize {
    /// A file of its own, shown as an image.
    pub(crate) const FILE: Self =
        Self { width: 760, suffix: "", file: true, hovers: false, simulated: false };
    /// A place in a page that has room.
    pub(crate) const WIDE: Self =
        Self { width: 760, suffix: "", file: false, hovers: true, simulated: false };
    /// Instead of a wide one where there is no room for it.
    pub(crate) const NARROW: Self =
        Self { width: 360, suffix: "-n", file: false, hovers: false, simulated: false };
    /// One of several side by side.
    pub(crate) const SMALL: Self =
        Self { width: 360, suffix: "", file: false, hovers: true, simulated: false };
}

/// A chart and what it says in words.
pub(crate) struct Drawing {
    /// Title and description.
    pub(crate) alt: String,
    pub(crate) svg: String,
}

impl Drawing {
    pub(crate) fn new(frame: &Frame, svg: String) -> Self {
        Self { alt: format!("{}. {}", frame.title, frame.description), svg }
    }
}

/// Words of a chart.
pub(crate) struct Caption {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) description: String,
}

impl Caption {
    pub(crate) fn frame(self, size: ChartSize) -> Frame {
        let of = if size.simulated { "Simulated machine. " } else { "" };
        Frame {
            id: self.id + size.suffix,
            title: self.title,
            subtitle: format!("{of}{}", self.subtitle),
            description: format!("{of}{}", self.description),
            width: size.width,
            styled: size.file,
            hovers: size.hovers,
        }
    }
}

/// A chart as a file, and what it says in words.
pub(crate) struct Picture {
    /// Name of the file in `charts/`.
    pub(crate) name: String,
    /// Text alternative.
    pub(crate) alt: String,
    pub(crate) svg: String,
}
