//! The table of Othello moves to value: a text with a line per move, columns separated by tabs.
//!
//! Blank lines and lines that start with `#` are skipped. The first other line is the header
//! `position board to_move move exact_score`, with a sixth column `nodes` where the solver's count is known.
//! A board is its 64 squares A1 to H1, A2 to H2, ... H8, with `X` for black, `O` for white and `-` for empty.

use std::fmt::Display;

use magpie::othello::{Board, Position, Stone};

use crate::WorkloadError;
use crate::othello::MAX_EMPTIES;

/// The bundled table: from the FFO endgame test suite.
pub(crate) const FFO: &str = include_str!("../data/ffo.tsv");

const COLUMNS: [&str; 6] = ["position", "board", "to_move", "move", "exact_score", "nodes"];

/// Columns a table has at least: `nodes` may be missing.
const REQUIRED: usize = 5;

/// Node counts share an answer's 64 bits with an eight-bit score.
const MAX_NODES: u64 = (1 << 56) - 1;

/// One move to value, and its published value.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    /// Name of the position, such as `FFO 1 G8 H7`.
    pub(crate) position: String,
    /// The board before the move.
    pub(crate) board: Board,
    /// The side that moves.
    pub(crate) mover: Stone,
    /// Where to: a legal move.
    pub(crate) square: Position,
    /// Final disc difference for the mover under perfect play, empty squares to the winner.
    pub(crate) score: i32,
    /// Nodes the solver needs, where the table says.
    pub(crate) nodes: Option<u64>,
}

/// Reads a table; `origin` is the name of its file, for messages.
pub(crate) fn parse(text: &str, origin: &str) -> Result<Vec<Decision>, WorkloadError> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, text)| TableLine { origin, number: index + 1, text })
        .filter(|line| !line.text.trim().is_empty() && !line.text.starts_with('#'));
    let columns = lines.next().map_or(Ok(REQUIRED), |header| header.columns())?;
    let decisions = lines.map(|line| line.decision(columns)).collect::<Result<Vec<_>, _>>()?;
    if decisions.is_empty() {
        return Err(WorkloadError::NoPositions {
            origin: origin.into(),
            header: COLUMNS[..REQUIRED].join("\t"),
        });
    }
    Ok(decisions)
}

/// A line of the table, with where it stands.
struct TableLine<'a> {
    origin: &'a str,
    number: usize,
    text: &'a str,
}

impl TableLine<'_> {
    /// Number of columns that the header announces.
    fn columns(&self) -> Result<usize, WorkloadError> {
        [REQUIRED, COLUMNS.len()]
            .into_iter()
            .find(|&columns| self.text == COLUMNS[..columns].join("\t"))
            .ok_or_else(|| {
                let columns = COLUMNS[..REQUIRED].join(" ");
                self.malformed(
                    "the header",
                    self.text,
                    format!("{columns} and perhaps nodes, with tabs between"),
                )
            })
    }

    fn decision(&self, columns: usize) -> Result<Decision, WorkloadError> {
        let fields: Vec<&str> = self.text.split('\t').collect();
        if fields.len() != columns {
            let expected = format!("{columns}, with tabs between: {}", COLUMNS[..columns].join(" "));
            return Err(self.malformed("the number of columns", &fields.len().to_string(), expected));
        }
        let position = self.position(fields[0])?;
        let board = self.board(fields[1])?;
        let mover = self.mover(fields[2])?;
        Ok(Decision {
            position,
            square: self.square(fields[3], &board, mover)?,
            score: self.score(fields[4])?,
            nodes: fields.get(REQUIRED).map(|nodes| self.nodes(nodes)).transpose()?,
            board,
            mover,
        })
    }

    fn position(&self, name: &str) -> Result<String, WorkloadError> {
        if name.trim().is_empty() || name.chars().count() > 40 || !name.chars().all(is_printable) {
            return Err(self.malformed("position", name, "a name of 1 to 40 printable characters"));
        }
        Ok(name.into())
    }

    fn board(&self, squares: &str) -> Result<Board, WorkloadError> {
        let length = squares.chars().count();
        if length != 64 {
            return Err(self.malformed("board", squares, format!("64 squares, not {length}")));
        }
        let mut board = Board::empty();
        for (index, character) in (0u8..).zip(squares.chars()) {
            let square = Position::try_from((index / 8, index % 8)).expect("it is one of 64");
            match character {
                'X' => board.place_stone_unchecked(Stone::Black, square.into()),
                'O' => board.place_stone_unchecked(Stone::White, square.into()),
                '-' => {}
                _ => {
                    let expected =
                        format!("X, O or - on every square, not {character:?} on {}", name(square));
                    return Err(self.malformed("board", squares, expected));
                }
            }
        }
        self.solvable(board)
    }

    fn solvable(&self, board: Board) -> Result<Board, WorkloadError> {
        let empties = board.empty_squares().count_set();
        if usize::from(empties) > MAX_EMPTIES {
            let expected = format!("at most {MAX_EMPTIES}, or a proof takes too long");
            return Err(self.malformed("the number of empty squares", &empties.to_string(), expected));
        }
        Ok(board)
    }

    fn mover(&self, side: &str) -> Result<Stone, WorkloadError> {
        match side {
            "X" => Ok(Stone::Black),
            "O" => Ok(Stone::White),
            _ => Err(self.malformed("to_move", side, "X or O")),
        }
    }

    fn square(&self, field: &str, board: &Board, mover: Stone) -> Result<Position, WorkloadError> {
        let square = Position::try_from(field)
            .map_err(|_| self.malformed("move", field, "a square from A1 to H8, such as G8"))?;
        if board.is_legal_move(mover, square) {
            return Ok(square);
        }
        let legal: Vec<String> = board.moves_for(mover).hot_bits().map(name).collect();
        let expected = match &legal[..] {
            [] => "a position in which the side to move has a legal move".into(),
            _ => format!("a legal move: {}", legal.join(" ")),
        };
        Err(self.malformed("move", field, expected))
    }

    fn score(&self, field: &str) -> Result<i32, WorkloadError> {
        let score = field.parse().ok().filter(|score| (-64..=64).contains(score));
        score.ok_or_else(|| self.malformed("exact_score", field, "a whole number from -64 to 64"))
    }

    fn nodes(&self, field: &str) -> Result<u64, WorkloadError> {
        let nodes = field.parse().ok().filter(|nodes| (1..=MAX_NODES).contains(nodes));
        nodes.ok_or_else(|| self.malformed("nodes", field, format!("a whole number from 1 to {MAX_NODES}")))
    }

    fn malformed(&self, what: &'static str, found: &str, expected: impl Display) -> WorkloadError {
        WorkloadError::Malformed {
            origin: self.origin.into(),
            line: self.number,
            what,
            found: shortened(found),
            expected: expected.to_string(),
        }
    }
}

/// Whether a character shows itself and does nothing else: a control, such as one that turns the direction of text,
/// is escaped where Rust shows a text for debugging.
fn is_printable(character: char) -> bool {
    !character.is_control() && !character.escape_debug().collect::<String>().starts_with("\\u")
}

/// A square as players write it, such as `G8`.
pub(crate) fn name(square: Position) -> String {
    square.to_notation().to_uppercase()
}

/// Enough of a text to recognise it by.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "position\tboard\tto_move\tmove\texact_score";
    const BOARD: &str = "--XXXXX--OOOXX-O-OOOXXOX-OXOXOXXOXXXOXXX--XOXOXX-XXXOOO--OOOOO--";

    /// The message about a table with this one row, on line 3.
    fn message(row: &str) -> String {
        parse(&format!("# mine\n{HEADER}\n{row}\n"), "mine.tsv")
            .expect_err("the row is malformed")
            .to_string()
    }

    fn row(position: &str, board: &str, to_move: &str, square: &str, score: &str) -> String {
        [position, board, to_move, square, score].join("\t")
    }

    #[test]
    fn a_well_formed_row_is_read_as_it_stands() {
        let text = format!("# mine\r\n\r\n{HEADER}\tnodes\r\nFFO 1\t{BOARD}\tX\tg8\t+18\t5\r\n");
        let decisions = parse(&text, "mine.tsv").expect("it is well-formed");
        let [decision] = &decisions[..] else { panic!("{decisions:?}") };
        assert_eq!(decision.position, "FFO 1");
        assert_eq!(decision.mover, Stone::Black);
        assert_eq!(name(decision.square), "G8");
        assert_eq!((decision.score, decision.nodes), (18, Some(5)));
        let black: Vec<String> = decision.board.bits_for(Stone::Black).hot_bits().map(name).collect();
        assert_eq!(black[..6], ["C1", "D1", "E1", "F1", "G1", "E2"]);
        assert_eq!(decision.board.empty_squares().count_set(), 14);
    }

    #[test]
    fn a_table_may_leave_out_the_nodes() {
        let text = format!("{HEADER}\n{}", row("1", BOARD, "X", "G8", "18"));
        assert_eq!(parse(&text, "mine.tsv").expect("it is well-formed")[0].nodes, None);
    }

    #[test]
    fn a_wrong_header_is_named() {
        let error = parse("1\t2\n", "mine.tsv").expect_err("it has no header");
        assert_eq!(
            error.to_string(),
            "read mine.tsv, line 1: the header is \"1\\t2\", expected position board to_move move exact_score \
             and perhaps nodes, with tabs between; correct the line and try again"
        );
    }

    #[test]
    fn a_table_without_rows_is_refused() {
        for text in ["", "# nothing\n", HEADER] {
            let error = parse(text, "mine.tsv").expect_err("it has no rows");
            assert_eq!(
                error.to_string(),
                format!(
                    "read mine.tsv: it has no positions; add a line for each move to value, under the header `{HEADER}`"
                )
            );
        }
    }

    #[test]
    fn a_wrong_number_of_columns_is_named() {
        assert_eq!(
            message("1\tboard\tX"),
            "read mine.tsv, line 3: the number of columns is \"3\", expected 5, with tabs between: \
             position board to_move move exact_score; correct the line and try again"
        );
    }

    #[test]
    fn a_position_without_a_name_is_named() {
        let message = message(&row(" ", BOARD, "X", "G8", "18"));
        assert!(
            message.contains("line 3: position is \" \", expected a name of 1 to 40 printable"),
            "{message}"
        );
    }

    #[test]
    fn a_position_whose_name_would_steer_a_terminal_is_named_and_the_message_does_not() {
        for name in ["\u{1b}[2J", "FFO \u{202e}1", "FFO\u{200b}1", "FFO\u{feff}"] {
            let message = message(&row(name, BOARD, "X", "G8", "18"));
            assert!(message.contains("expected a name of 1 to 40 printable characters"), "{message}");
            assert!(message.chars().all(is_printable), "{message}");
        }
        let fine = format!("{HEADER}\n{}", row("Größe \"1\" 端", BOARD, "X", "G8", "18"));
        assert!(parse(&fine, "mine.tsv").is_ok());
    }

    #[test]
    fn a_board_of_the_wrong_length_is_named() {
        let message = message(&row("1", &BOARD[1..], "X", "G8", "18"));
        assert!(
            message.contains(&format!("board is \"{}\", expected 64 squares, not 63;", &BOARD[1..])),
            "{message}"
        );
    }

    #[test]
    fn a_square_that_is_no_stone_and_not_empty_is_named() {
        let message = message(&row("1", &BOARD.replacen("--X", "-.X", 1), "X", "G8", "18"));
        assert!(message.contains("expected X, O or - on every square, not '.' on B1;"), "{message}");
    }

    #[test]
    fn a_board_too_empty_to_solve_is_named() {
        let message = message(&row("1", &BOARD.replacen("XXX", "---", 1), "X", "G8", "18"));
        assert!(
            message.contains(
                "the number of empty squares is \"17\", expected at most 16, or a proof takes too long;"
            ),
            "{message}"
        );
    }

    #[test]
    fn a_side_that_is_neither_black_nor_white_is_named() {
        let message = message(&row("1", BOARD, "B", "G8", "18"));
        assert!(message.contains("to_move is \"B\", expected X or O;"), "{message}");
    }

    #[test]
    fn a_move_off_the_board_is_named() {
        let message = message(&row("1", BOARD, "X", "I9", "18"));
        assert!(
            message.contains("move is \"I9\", expected a square from A1 to H8, such as G8;"),
            "{message}"
        );
    }

    #[test]
    fn an_illegal_move_is_named_with_the_legal_ones() {
        let message = message(&row("1", BOARD, "X", "C1", "18"));
        assert!(
            message.contains("move is \"C1\", expected a legal move: B1 H1 A2 G2 A3 A4 H7 G8;"),
            "{message}"
        );
    }

    #[test]
    fn a_position_without_a_legal_move_is_named() {
        let message = message(&row("1", &"X".repeat(63).replacen('X', "--", 1), "X", "A1", "18"));
        assert!(
            message.contains("expected a position in which the side to move has a legal move;"),
            "{message}"
        );
    }

    #[test]
    fn a_score_that_no_game_ends_with_is_named() {
        for score in ["65", "-65", "much", "", "1.5"] {
            let message = message(&row("1", BOARD, "X", "G8", score));
            let expected = format!("exact_score is {score:?}, expected a whole number from -64 to 64;");
            assert!(message.contains(&expected), "{message}");
        }
    }

    #[test]
    fn a_node_count_that_no_proof_has_is_named() {
        for nodes in ["0", "-1", "many", "72057594037927936"] {
            let text = format!("{HEADER}\tnodes\n{}\t{nodes}", row("1", BOARD, "X", "G8", "18"));
            let message = parse(&text, "mine.tsv").expect_err("the count is wrong").to_string();
            let expected =
                format!("line 2: nodes is {nodes:?}, expected a whole number from 1 to 72057594037927935;");
            assert!(message.contains(&expected), "{message}");
        }
    }

    #[test]
    fn a_message_shows_only_the_start_of_a_long_line() {
        let message = message(&row("1", &"é".repeat(100_000), "X", "G8", "18"));
        assert!(
            message.contains(&format!("\"{}…\", expected 64 squares, not 100000", "é".repeat(80))),
            "{message}"
        );
    }
}
