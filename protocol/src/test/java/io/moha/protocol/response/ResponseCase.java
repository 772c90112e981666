package io.moha.protocol.response;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.flags.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * One way a server answers one command: a row of the protocol's table of responses.
 *
 * @param name what is special about it
 * @param capabilities of the connection
 * @param command asked
 * @param response the bytes
 * @param events what the tracker must see in them
 */
record ResponseCase(
        String name, int capabilities, Command command, Bytes response, List<String> events) {

    private static final int LEGACY = Capability.SESSION_TRACK;
    private static final int MODERN = LEGACY | Capability.DEPRECATE_EOF;
    private static final int OPTIONAL = Capability.OPTIONAL_RESULTSET_METADATA;
    private static final int MORE = 0x0008;
    private static final int CURSOR = 0x0042;
    private static final int LAST_ROW = 0x0082;
    private static final int OUT = 0x1000;

    @Override
    public String toString() {
        return command + ": " + name;
    }

    /**
     * Every row of the table, each with and without DEPRECATE_EOF where that makes a difference.
     */
    static List<ResponseCase> all() {
        List<ResponseCase> cases = new ArrayList<>();
        addSimple(cases);
        addResultSets(cases);
        addMultipleResults(cases);
        addCursors(cases);
        addPrepares(cases);
        addOthers(cases);
        return cases;
    }

    private static void addSimple(List<ResponseCase> cases) {
        for (Command command : Command.values()) {
            if (ResponseShape.of(command) == ResponseShape.RESULTS) {
                cases.add(modern("OK", command, new Bytes().ok(3), "OK 3"));
                cases.add(modern("ERR", command, new Bytes().err(1047), "ERR 1047"));
            }
        }
        for (Command command : List.of(Command.SET_OPTION, Command.DEBUG)) {
            cases.add(modern("OK as EOF", command, new Bytes().okAsEof(2), "OK 2"));
            cases.add(legacy("EOF", command, new Bytes().eof(2), "EOF 2"));
        }
        cases.add(modern("empty state block", Command.QUERY, emptyChanges(), "OK 16387"));
    }

    private static Bytes emptyChanges() {
        return new Bytes().okWithChanges(3, "", changes -> {});
    }

    private static void addResultSets(List<ResponseCase> cases) {
        for (Command command : List.of(Command.QUERY, Command.STMT_EXECUTE, Command.PROCESS_INFO)) {
            cases.add(modern("rows", command, modernRows(2, 2), "OK 2"));
            cases.add(legacy("rows", command, legacyRows(2, 2), "EOF 2"));
            cases.add(
                    modern(
                            "killed between rows",
                            command,
                            new Bytes().columnCount(1).definitions(1).text("row").err(1317),
                            "ERR 1317"));
            cases.add(
                    legacy(
                            "killed between rows",
                            command,
                            new Bytes().columnCount(1).definitions(1).eof(2).text("row").err(1317),
                            "ERR 1317"));
        }
        cases.add(
                modern(
                        "no rows",
                        Command.QUERY,
                        new Bytes().columnCount(1).definitions(1).okAsEof(2),
                        "OK 2"));
        cases.add(
                legacy(
                        "no rows",
                        Command.QUERY,
                        new Bytes().columnCount(1).definitions(1).eof(2).eof(2),
                        "EOF 2"));
        cases.add(
                legacy(
                        "row that begins as an EOF",
                        Command.QUERY,
                        new Bytes()
                                .columnCount(1)
                                .definitions(1)
                                .eof(2)
                                .packet(p -> p.writeByte(0xFE).writeZero(8))
                                .eof(2),
                        "EOF 2"));
        cases.add(
                modern(
                        "300 columns and empty rows",
                        Command.QUERY,
                        new Bytes()
                                .columnCount(300)
                                .definitions(300)
                                .packet(p -> {})
                                .packet(p -> {})
                                .okAsEof(2),
                        "OK 2"));
        addOptionalMetadata(cases);
    }

    private static void addOptionalMetadata(List<ResponseCase> cases) {
        for (int dialect : new int[] {MODERN, LEGACY}) {
            boolean modern = dialect == MODERN;
            Bytes described = new Bytes().columnCount(1, 1).definitions(1);
            Bytes bare = new Bytes().columnCount(1, 0).text("row");
            cases.add(
                    new ResponseCase(
                            "metadata, when optional",
                            dialect | OPTIONAL,
                            Command.QUERY,
                            modern ? described.okAsEof(2) : described.eof(2).eof(2),
                            List.of(modern ? "OK 2" : "EOF 2")));
            cases.add(
                    new ResponseCase(
                            "no metadata",
                            dialect | OPTIONAL,
                            Command.QUERY,
                            modern ? bare.okAsEof(2) : bare.eof(2),
                            List.of(modern ? "OK 2" : "EOF 2")));
        }
    }

    private static void addMultipleResults(List<ResponseCase> cases) {
        cases.add(
                modern(
                        "OK, rows, ERR",
                        Command.QUERY,
                        new Bytes()
                                .ok(2 | MORE)
                                .columnCount(1)
                                .definitions(1)
                                .text("row")
                                .okAsEof(2 | MORE)
                                .err(1146),
                        "OK 10",
                        "OK 10",
                        "ERR 1146"));
        cases.add(
                legacy(
                        "rows, rows, final OK of a CALL",
                        Command.QUERY,
                        new Bytes()
                                .columnCount(1)
                                .definitions(1)
                                .eof(2 | MORE)
                                .text("row")
                                .eof(2 | MORE)
                                .columnCount(2)
                                .definitions(2)
                                .eof(2 | MORE)
                                .eof(2 | MORE)
                                .ok(2),
                        "EOF 10",
                        "EOF 10",
                        "OK 2"));
        cases.add(
                modern(
                        "OUT parameters",
                        Command.STMT_EXECUTE,
                        new Bytes()
                                .columnCount(1)
                                .definitions(1)
                                .text("\0\0out")
                                .okAsEof(2 | MORE | OUT)
                                .ok(2),
                        "OK 4106",
                        "OK 2"));
        cases.add(
                legacy(
                        "OUT parameters, which only the EOF of the columns announces",
                        Command.STMT_EXECUTE,
                        new Bytes()
                                .columnCount(1)
                                .definitions(1)
                                .eof(2 | MORE | OUT)
                                .text("\0\0out")
                                .eof(2)
                                .ok(2),
                        "EOF 2",
                        "OK 2"));
    }

    private static void addCursors(List<ResponseCase> cases) {
        cases.add(
                modern(
                        "cursor",
                        Command.STMT_EXECUTE,
                        new Bytes().columnCount(1).definitions(1).okAsEof(CURSOR),
                        "OK 66"));
        cases.add(
                legacy(
                        "cursor",
                        Command.STMT_EXECUTE,
                        new Bytes().columnCount(1).definitions(1).eof(CURSOR),
                        "EOF 66"));
        Command fetch = Command.STMT_FETCH;
        cases.add(modern("some rows", fetch, new Bytes().text("\0\0row").okAsEof(CURSOR), "OK 66"));
        cases.add(legacy("last rows", fetch, new Bytes().text("\0\0row").eof(LAST_ROW), "EOF 130"));
        cases.add(modern("no rows left", fetch, new Bytes().okAsEof(LAST_ROW), "OK 130"));
        cases.add(modern("no cursor", fetch, new Bytes().err(1421), "ERR 1421"));
    }

    private static void addPrepares(List<ResponseCase> cases) {
        Command prepare = Command.STMT_PREPARE;
        for (int[] counts : new int[][] {{0, 0}, {2, 0}, {0, 3}, {2, 3}}) {
            int columns = counts[0];
            int parameters = counts[1];
            String head = "PREPARED id 7 columns " + columns + " parameters " + parameters;
            List<String> events = columns + parameters == 0 ? List.of(head) : List.of(head, "END");
            Bytes modern = new Bytes().prepared(7, columns, parameters);
            modern.definitions(parameters).definitions(columns);
            Bytes legacy = new Bytes().prepared(7, columns, parameters);
            if (parameters > 0) {
                legacy.definitions(parameters).eof(2);
            }
            if (columns > 0) {
                legacy.definitions(columns).eof(2);
            }
            String name = parameters + " parameters, " + columns + " columns";
            cases.add(new ResponseCase(name, MODERN, prepare, modern, events));
            cases.add(new ResponseCase(name + ", legacy", LEGACY, prepare, legacy, events));
        }
        cases.add(modern("ERR", prepare, new Bytes().err(1064), "ERR 1064"));
        cases.add(
                new ResponseCase(
                        "no metadata",
                        MODERN | OPTIONAL,
                        prepare,
                        new Bytes().prepared(7, 2, 1, 0),
                        List.of("PREPARED id 7 columns 2 parameters 1")));
        cases.add(
                new ResponseCase(
                        "metadata, when optional",
                        MODERN | OPTIONAL,
                        prepare,
                        new Bytes().prepared(7, 1, 0, 1).definitions(1),
                        List.of("PREPARED id 7 columns 1 parameters 0", "END")));
    }

    private static void addOthers(List<ResponseCase> cases) {
        Command fields = Command.FIELD_LIST;
        cases.add(modern("columns", fields, new Bytes().definitions(3).okAsEof(2), "OK 2"));
        cases.add(legacy("columns", fields, new Bytes().definitions(3).eof(2), "EOF 2"));
        cases.add(modern("ERR", fields, new Bytes().err(1146), "ERR 1146"));
        Command statistics = Command.STATISTICS;
        cases.add(modern("text", statistics, new Bytes().text("Uptime: 1"), "END"));
        cases.add(modern("ERR", statistics, new Bytes().err(1227), "ERR 1227"));
        Bytes file = new Bytes().packet(p -> p.writeByte(0xFB).writeByte('f')).ok(2);
        cases.add(modern("file taken", Command.QUERY, file, "LOCAL_INFILE", "OK 2"));
        Bytes two = new Bytes().packet(p -> p.writeByte(0xFB)).ok(2 | MORE).ok(2);
        cases.add(modern("file, then more", Command.QUERY, two, "LOCAL_INFILE", "OK 10", "OK 2"));
        Bytes refused = new Bytes().packet(p -> p.writeByte(0xFB).writeByte('f')).err(1148);
        cases.add(modern("file refused", Command.QUERY, refused, "LOCAL_INFILE", "ERR 1148"));
    }

    private static ResponseCase modern(
            String name, Command command, Bytes response, String... events) {
        return new ResponseCase(name, MODERN, command, response, List.of(events));
    }

    private static ResponseCase legacy(
            String name, Command command, Bytes response, String... events) {
        return new ResponseCase(name + ", legacy", LEGACY, command, response, List.of(events));
    }

    private static Bytes modernRows(int columns, int rows) {
        Bytes bytes = new Bytes().columnCount(columns).definitions(columns);
        for (int i = 0; i < rows; i++) {
            bytes.text("row " + i);
        }
        return bytes.okAsEof(2);
    }

    private static Bytes legacyRows(int columns, int rows) {
        Bytes bytes = new Bytes().columnCount(columns).definitions(columns).eof(2);
        for (int i = 0; i < rows; i++) {
            bytes.text("row " + i);
        }
        return bytes.eof(2);
    }
}
