//! Reading files, and the one door through which they are written: it looks at what stands there, replaces nothing but
//! regular files, and leaves every byte as it was when it fails.
#![expect(clippy::disallowed_methods, reason = "this is where files belong")]

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use tempfile::NamedTempFile;

/// How the names of files begin that are not yet in their places.
const TEMPORARY: &str = ".centurion-";

/// Links that are followed from one path before they are taken for a circle.
const MOST_LINKS: usize = 40;

/// Reads a text file.
///
/// # Errors
/// Names the file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::IsADirectory => "it is a folder".to_owned(),
            ErrorKind::InvalidData => "it is not text in UTF-8".to_owned(),
            _ => error.to_string(),
        };
        anyhow!("failed to read {}: {reason}", path.display())
    })
}

/// Reads a text file that need not be there. What is no regular file holds no text.
///
/// # Errors
/// Names the file.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<String>> {
    if path.is_file() { read(path).map(Some) } else { Ok(None) }
}

/// Writes a file, so that at every moment either the old or the new text is there, whole. Makes the folder if needed.
///
/// # Errors
/// Names the file.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let mut changes = Changes::default();
    changes.write(path.to_owned(), text.to_owned());
    changes.make()
}

/// Fails now rather than after an hour of measuring if a file can't be written.
///
/// # Errors
/// Names the file.
pub fn ensure_writable(path: &Path) -> Result<()> {
    let try_it = || -> Result<()> {
        match Place::find(path)? {
            Place::File(place, _) => drop(beside(&place)?),
            Place::Device(place) => drop(File::options().write(true).open(place)?),
        }
        Ok(())
    };
    try_it().map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &anyhow::Error) -> anyhow::Error {
    const FULL: [ErrorKind; 3] = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge];
    let is_full = error.downcast_ref::<io::Error>().is_some_and(|error| FULL.contains(&error.kind()));
    let way_out = if is_full { "make room" } else { "move away what stands there" };
    anyhow!("failed to write {}: {error:#}; {way_out}, or name another place", path.display())
}

/// Files to be written and to be removed together: all of them or, when one fails, none. A process that is ended
/// half-way has made the first of them, in the order they were given in, and each file is whole.
#[derive(Default)]
pub(crate) struct Changes {
    /// Each file with what it is to hold; `None` for one that is to go.
    files: Vec<(PathBuf, Option<String>)>,
}

impl Changes {
    /// A file that is to hold this text.
    pub(crate) fn write(&mut self, path: PathBuf, text: String) {
        self.files.push((path, Some(text)));
    }

    /// A file that is to go.
    pub(crate) fn remove(&mut self, path: PathBuf) {
        self.files.push((path, None));
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// Names the file that can't be changed; then no file has changed.
    pub(crate) fn make(&self) -> Result<()> {
        let mut staged = Vec::new();
        for (path, text) in &self.files {
            let staging = match text {
                Some(text) => stage(path, text).map_err(|error| unwritable(path, &error))?,
                None => Some(Staged { file: None, place: path.clone() }),
            };
            staged.extend(staging.map(|staged| (path, staged)));
        }
        let mut done = Vec::new();
        let changed = staged.into_iter().try_for_each(|(path, staged)| staged.put_in_place(path, &mut done));
        if changed.is_err() {
            done.iter().rev().for_each(Previous::restore);
        }
        changed
    }
}

/// A text that lies beside its place, or none for a file that is to go.
struct Staged {
    file: Option<NamedTempFile>,
    place: PathBuf,
}

impl Staged {
    /// Makes the one change to what is called `path`, and keeps what was there before.
    fn put_in_place(self, path: &Path, done: &mut Vec<Previous>) -> Result<()> {
        let doing = if self.file.is_some() { "write" } else { "remove" };
        let failed = || format!("failed to {doing} {}", path.display());
        let previous = Previous::read(&self.place).with_context(failed)?;
        match self.file {
            Some(file) => {
                file.persist(&self.place).map_err(|failed| failed.error).with_context(failed)?;
            }
            None => fs::remove_file(&self.place).with_context(failed)?,
        }
        done.push(previous);
        Ok(())
    }
}

/// Writes a text beside its place; into a device at once, which keeps nothing that could be spoilt.
fn stage(path: &Path, text: &str) -> Result<Option<Staged>> {
    match Place::find(path)? {
        Place::File(place, permissions) => {
            let mut file = beside(&place)?;
            file.write_all(text.as_bytes())?;
            file.as_file().set_permissions(permissions)?;
            Ok(Some(Staged { file: Some(file), place }))
        }
        Place::Device(place) => {
            File::options().write(true).open(place)?.write_all(text.as_bytes())?;
            Ok(None)
        }
    }
}

fn beside(place: &Path) -> Result<NamedTempFile> {
    let folder = folder_of(place);
    fs::create_dir_all(folder)?;
    Ok(tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?)
}

/// What a process that was ended while it wrote into a folder left there.
///
/// # Errors
/// Names the folder.
pub(crate) fn left_behind(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_ours = |path: &PathBuf| {
        path.is_file() && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY))
    };
    Ok(entries(folder)?.into_iter().filter(is_ours).collect())
}

/// What a file held before it was changed.
struct Previous {
    place: PathBuf,
    bytes: Option<(Vec<u8>, Permissions)>,
}

impl Previous {
    fn read(place: &Path) -> io::Result<Self> {
        let bytes = match fs::metadata(place) {
            Ok(metadata) => Some((fs::read(place)?, metadata.permissions())),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { place: place.to_owned(), bytes })
    }

    /// Puts it back as well as it can: what failed first is what is told.
    fn restore(&self) {
        let _ = match &self.bytes {
            None => fs::remove_file(&self.place),
            Some((bytes, permissions)) => fs::write(&self.place, bytes)
                .and_then(|()| fs::set_permissions(&self.place, permissions.clone())),
        };
    }
}

/// Where a text ends up, links followed.
enum Place {
    /// A regular file, or none yet, and the permissions it has or gets.
    File(PathBuf, Permissions),
    /// A terminal, `/dev/null` and the like, which is written into and not replaced.
    Device(PathBuf),
}

impl Place {
    fn find(path: &Path) -> Result<Self> {
        ensure!(!path.as_os_str().as_encoded_bytes().ends_with(b"/"), "it names a folder");
        let place = follow(path)?;
        let found = match fs::symlink_metadata(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                ensure!(path.file_name().is_some(), "it names no file");
                return Ok(Self::File(place, permissions()));
            }
            found => found?,
        };
        if is_device(&found) {
            return Ok(Self::Device(place));
        }
        ensure!(!found.is_dir(), "it is a folder");
        if !found.is_file() {
            bail!("it is a pipe or a socket, which keeps nothing");
        }
        ensure!(!found.permissions().readonly(), "it is write-protected");
        Ok(Self::File(place, found.permissions()))
    }
}

/// The path that a path stands for, also where the last link leads to nothing yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&place) {
            Ok(target) => place = place.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(place),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// Where a path ends up, there already or not, links followed: one answer for all ways to write it. None where its folder is
/// not there.
#[cfg(unix)]
pub(crate) fn end_of(path: &Path) -> Option<PathBuf> {
    let place = follow(path).ok()?;
    Some(folder_of(&place).canonicalize().ok()?.join(place.file_name()?))
}

fn folder_of(place: &Path) -> &Path {
    place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn is_device(found: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&found.file_type())
}

#[cfg(not(unix))]
fn is_device(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn permissions() -> Permissions {
    // Temporary files are private by default; what replaces a result should be readable like any other.
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

#[cfg(not(unix))]
fn permissions() -> Permissions {
    fs::metadata(".").map(|folder| folder.permissions()).expect("the current folder exists")
}

/// Waits until no other process writes into a folder, which is made if it is not there. It is free again when the
/// answer is dropped, or the process ends in whatever way.
///
/// # Errors
/// When it is no folder or can't be made.
pub(crate) fn lock_folder(folder: &Path) -> Result<Option<File>> {
    fs::create_dir_all(folder)
        .with_context(|| format!("failed to make the folder {}; name another one", folder.display()))?;
    // Where folders can't be opened or locked, two reports at once are left to luck.
    Ok(File::open(folder).ok().filter(|folder| folder.lock().is_ok()))
}

/// The entries of a folder in order; none if it is not there.
///
/// # Errors
/// Names the folder.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("failed to read the folder {}", folder.display());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(failed)?,
    };
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.with_context(failed)?;
    paths.sort();
    Ok(paths)
}
