package io.moha.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of text in columns as wide as they need to be. Not thread-safe. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings. */
    TextTable(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row; it has as many cells as there are headings. */
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** The lines, without blanks at their ends. */
    List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
