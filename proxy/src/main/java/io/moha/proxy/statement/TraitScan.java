package io.moha.proxy.statement;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Looks for all {@link StatementTrait}s at once in one pass over a statement's bytes, which may
 * come in pieces: an automaton after Aho and Corasick, with one table look-up a byte. Letters are
 * folded, a run of white space counts as one space. Allocates nothing. Confined to one thread.
 */
public final class TraitScan {

    /** Patterns are upper case; ';' stands for the beginning of a statement. */
    private static final Map<String, Integer> PATTERNS =
            Map.ofEntries(
                    Map.entry("GET_LOCK", StatementTrait.LOCK),
                    Map.entry("SERVICE_GET_", StatementTrait.LOCK),
                    Map.entry(";LOCK INSTANCE", StatementTrait.LOCK),
                    Map.entry("READ LOCK", StatementTrait.LOCK),
                    Map.entry(" TEMPORARY ", StatementTrait.TEMPORARY_TABLE),
                    Map.entry(":=", StatementTrait.USER_VARIABLE),
                    Map.entry(" INTO @", StatementTrait.USER_VARIABLE),
                    Map.entry(";HANDLER ", StatementTrait.HANDLER),
                    Map.entry(";XA ", StatementTrait.XA),
                    Map.entry(";CALL ", StatementTrait.ROUTINE),
                    Map.entry(";PREPARE ", StatementTrait.NAMED_STATEMENT),
                    Map.entry("GTID_NEXT", StatementTrait.GTID_NEXT),
                    Map.entry("SESSION_TRACK", StatementTrait.TRACKERS),
                    Map.entry("SHOW VARIABLES", StatementTrait.TRACKERS),
                    Map.entry("SHOW SESSION VARIABLES", StatementTrait.TRACKERS),
                    Map.entry("SHOW LOCAL VARIABLES", StatementTrait.TRACKERS),
                    Map.entry("SESSION_VARIABLES", StatementTrait.TRACKERS),
                    Map.entry("VARIABLES_BY_THREAD", StatementTrait.TRACKERS),
                    Map.entry(" WARNINGS", StatementTrait.DIAGNOSTICS),
                    Map.entry(" ERRORS", StatementTrait.DIAGNOSTICS),
                    Map.entry(" DIAGNOSTICS", StatementTrait.DIAGNOSTICS),
                    Map.entry("WARNING_COUNT", StatementTrait.DIAGNOSTICS),
                    Map.entry("ERROR_COUNT", StatementTrait.DIAGNOSTICS),
                    Map.entry("ROW_COUNT", StatementTrait.DIAGNOSTICS),
                    Map.entry("FOUND_ROWS", StatementTrait.DIAGNOSTICS),
                    Map.entry(";SET ", StatementTrait.SET),
                    Map.entry(";KILL ", StatementTrait.KILL));

    private static final Automaton AUTOMATON = Automaton.of(PATTERNS);

    private final Step step = new Step();
    private boolean fresh = true;

    /** Begins a new statement. */
    public void begin() {
        fresh = true;
        step.state = AUTOMATON.start;
        step.found = 0;
    }

    /** Looks at the statement's next {@code length} bytes, from the absolute {@code index} on. */
    public void scan(ByteBuf in, int index, int length) {
        int start = fresh ? behindComments(in, index, index + length) : index;
        fresh = false;
        in.forEachByte(start, index + length - start, step);
    }

    /**
     * Where a statement begins that has comments in front, as some libraries put there. What is in
     * a comment that servers execute is a part of it.
     */
    private static int behindComments(ByteBuf in, int index, int end) {
        int at = index;
        while (at < end) {
            int c = in.getByte(at);
            if (c <= ' ' && c >= 0) {
                at++;
            } else if (c == '#' || (c == '-' && isAt(in, at + 1, end, '-'))) {
                at = behind(in, at, end, '\n');
            } else if (c != '/' || !isAt(in, at + 1, end, '*')) {
                return at;
            } else if (isAt(in, at + 2, end, '!')) {
                at = behindVersion(in, at + 3, end);
            } else {
                at = behindComment(in, at + 2, end);
            }
        }
        return end;
    }

    private static boolean isAt(ByteBuf in, int index, int end, char c) {
        return index < end && in.getByte(index) == c;
    }

    private static int behind(ByteBuf in, int index, int end, char c) {
        int found = in.indexOf(index, end, (byte) c);
        return found < 0 ? end : found + 1;
    }

    private static int behindComment(ByteBuf in, int index, int end) {
        int at = index;
        do {
            at = behind(in, at, end, '*');
        } while (at < end && in.getByte(at) != '/');
        return Math.min(at + 1, end);
    }

    private static int behindVersion(ByteBuf in, int index, int end) {
        int at = index;
        while (at < end && in.getByte(at) >= '0' && in.getByte(at) <= '9') {
            at++;
        }
        return at;
    }

    /** The traits found since {@link #begin}. */
    public int found() {
        return step.found;
    }

    /** Takes one byte; a class of its own so that it is allocated once. */
    private static final class Step implements ByteProcessor {

        private int state;
        private int found;

        @Override
        public boolean process(byte value) {
            state = AUTOMATON.next[state << Automaton.BITS | Automaton.SYMBOLS[value & 0xFF]];
            found |= AUTOMATON.traits[state];
            return true;
        }
    }

    /**
     * The table: for each state and symbol the next state, and what was found on arriving there.
     */
    private static final class Automaton {

        private static final int BITS = 6;
        private static final int WIDTH = 1 << BITS;
        private static final int NONE = -1;
        private static final String ALPHABET = "\0 ABCDEFGHIJKLMNOPQRSTUVWXYZ_@:=;";
        private static final byte SPACE = (byte) ALPHABET.indexOf(' ');
        private static final byte SEMICOLON = (byte) ALPHABET.indexOf(';');
        private static final byte[] SYMBOLS = symbols();

        private final short[] next;
        private final int[] traits;
        private final int start;

        private Automaton(short[] next, int[] traits) {
            this.next = next;
            this.traits = traits;
            start = next[SEMICOLON];
        }

        private static byte[] symbols() {
            byte[] symbols = new byte[256];
            for (int i = 1; i < ALPHABET.length(); i++) {
                symbols[ALPHABET.charAt(i)] = (byte) i;
                symbols[Character.toLowerCase(ALPHABET.charAt(i))] = (byte) i;
            }
            for (char c : new char[] {'\t', '\n', '\r', '\f', '\u000B', '`'}) {
                symbols[c] = SPACE;
            }
            return symbols;
        }

        private static Automaton of(Map<String, Integer> patterns) {
            List<int[]> trie = new ArrayList<>();
            List<Integer> traits = new ArrayList<>();
            List<Byte> last = new ArrayList<>();
            addState(trie, traits, last, (byte) 0);
            patterns.forEach((word, trait) -> add(trie, traits, last, word, trait));
            return complete(trie, traits, last);
        }

        private static void add(
                List<int[]> trie, List<Integer> traits, List<Byte> last, String word, int trait) {
            int state = 0;
            for (int i = 0; i < word.length(); i++) {
                byte symbol = SYMBOLS[word.charAt(i)];
                if (trie.get(state)[symbol] == NONE) {
                    trie.get(state)[symbol] = trie.size();
                    addState(trie, traits, last, symbol);
                }
                state = trie.get(state)[symbol];
            }
            traits.set(state, traits.get(state) | trait);
        }

        private static void addState(
                List<int[]> trie, List<Integer> traits, List<Byte> last, byte symbol) {
            int[] row = new int[WIDTH];
            Arrays.fill(row, NONE);
            trie.add(row);
            traits.add(0);
            last.add(symbol);
        }

        /**
         * Fills the gaps: where the trie has no way on, the longest suffix that has one is used.
         */
        private static Automaton complete(List<int[]> trie, List<Integer> traits, List<Byte> last) {
            short[] next = new short[trie.size() << BITS];
            int[] found = new int[trie.size()];
            int[] suffix = new int[trie.size()];
            ArrayDeque<Integer> states = new ArrayDeque<>(List.of(0));
            while (!states.isEmpty()) {
                int state = states.remove();
                found[state] = traits.get(state) | found[suffix[state]];
                for (int symbol = 0; symbol < WIDTH; symbol++) {
                    int child = trie.get(state)[symbol];
                    int fallback = state == 0 ? 0 : next[suffix[state] << BITS | symbol];
                    if (child != NONE) {
                        suffix[child] = fallback;
                        states.add(child);
                    }
                    next[state << BITS | symbol] = (short) (child == NONE ? fallback : child);
                }
            }
            for (int state = 0; state < trie.size(); state++) {
                // More white space changes nothing, nor does any at the beginning of a statement.
                if (last.get(state) == SPACE || last.get(state) == SEMICOLON) {
                    next[state << BITS | SPACE] = (short) state;
                }
            }
            return new Automaton(next, found);
        }
    }
}
