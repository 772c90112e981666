package io.moha.protocol.config;

import java.util.Collection;
import java.util.Locale;

/** Guesses which key was meant. */
final class Suggestion {

    private static final int MAX_EDITS = 2;

    private Suggestion() {}

    /** {@code , did you mean x?} for a near key among {@code known}, else nothing. */
    static String forKey(String unknown, Collection<String> known) {
        String best = "";
        int bestEdits = MAX_EDITS + 1;
        for (String key : known) {
            int edits = edits(unknown.toLowerCase(Locale.ROOT), key.toLowerCase(Locale.ROOT));
            if (edits < bestEdits) {
                best = key;
                bestEdits = edits;
            }
        }
        return best.isEmpty() ? "" : ", did you mean " + best + "?";
    }

    /** Fewest insertions, deletions, replacements and swaps of neighbours between two words. */
    private static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        best = Math.min(best, cost[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1)) {
            best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        return best;
    }
}
