package io.moha.it.raw;

import java.util.List;

/** Scripts of text queries: the shapes of results, errors, warnings, local files. */
final class QueryScripts {

    private QueryScripts() {}

    static List<Script> all() {
        return List.of(
                results(),
                wideAndLong(),
                errors(),
                severalStatements(),
                procedures(),
                localFile(),
                emptyLocalFile(),
                attributes(),
                otherCommands(),
                unknownCommands());
    }

    private static Script results() {
        return Script.of("results")
                .queries(
                        "SELECT 1",
                        "SELECT NULL, '', 'x', 1.5, x'00ff', DATE'2026-01-02'",
                        "SELECT 1 FROM DUAL WHERE FALSE",
                        "DO 1",
                        "DROP TABLE IF EXISTS q",
                        "CREATE TABLE q (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(200))",
                        "INSERT INTO q (v) VALUES ('a'), ('b'), ('c')",
                        "SELECT LAST_INSERT_ID()",
                        "SELECT * FROM q ORDER BY id",
                        "UPDATE q SET v = 'a' WHERE v = 'a'",
                        "UPDATE q SET v = 'x'",
                        "SELECT COUNT (*) FROM q",
                        "DELETE FROM q",
                        "EXPLAIN SELECT * FROM q",
                        "SHOW TABLES LIKE 'q'",
                        "DROP TABLE q");
    }

    private static Script wideAndLong() {
        String numbers =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)";
        return Script.of("results of many rows and columns")
                .query(numbers + " SELECT i, REPEAT('r', i) FROM n")
                .query("SELECT " + "1 AS c, ".repeat(300) + "2 AS d")
                .query("SELECT REPEAT('a', 250), REPEAT('b', 251), REPEAT('c', 65536)")
                .query("SELECT 1 FROM (" + numbers + " SELECT i FROM n) AS t LIMIT 255");
    }

    private static Script errors() {
        return Script.of("errors and warnings")
                .queries(
                        "SELECT",
                        "SELECT 1",
                        "SELECT * FROM nosuch",
                        "SHOW WARNINGS",
                        "SELECT 1 / 0",
                        "SHOW WARNINGS",
                        "SELECT CAST('x' AS SIGNED), CAST('y' AS SIGNED)",
                        "SHOW COUNT(*) WARNINGS",
                        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'own words'",
                        "SELECT 'after'",
                        "DROP TABLE IF EXISTS nosuch",
                        "SELECT (SELECT 1 UNION SELECT 2)",
                        "");
    }

    private static Script severalStatements() {
        return Script.of("several statements at once")
                .queries(
                        "SELECT 1; SELECT 2; DO 3",
                        "DO 1; DO 2",
                        "SELECT 1; SELECT nosuch; SELECT 3",
                        "SELECT 'after'")
                .command("several off", Commands.setOption(1), Expect.ONE)
                .query("SELECT 1; SELECT 2")
                .command("several on", Commands.setOption(0), Expect.ONE)
                .query("SELECT 1; SELECT 2")
                .command("no such option", Commands.setOption(7), Expect.ONE);
    }

    private static Script procedures() {
        return Script.of("procedures")
                .queries(
                        "DROP PROCEDURE IF EXISTS two",
                        "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2 FROM DUAL WHERE FALSE;"
                                + " SELECT 3; END",
                        "CALL two()",
                        "DROP PROCEDURE IF EXISTS breaks",
                        "CREATE PROCEDURE breaks() BEGIN SELECT 1; SIGNAL SQLSTATE '45001'; END",
                        "CALL breaks()",
                        "DROP PROCEDURE IF EXISTS sets",
                        "CREATE PROCEDURE sets(OUT a INT) BEGIN SET a = 7; END",
                        "CALL sets(@a)",
                        "SELECT @a",
                        "CALL two(); CALL sets(@a); SELECT 'end'");
    }

    private static Script localFile() {
        String load = "LOAD DATA LOCAL INFILE 'numbers.csv' INTO TABLE l FIELDS TERMINATED BY ','";
        return Script.of("local files")
                .queries(
                        "DROP TABLE IF EXISTS l",
                        "CREATE TABLE l (id INT PRIMARY KEY, v VARCHAR(20))",
                        load,
                        "SELECT * FROM l ORDER BY id",
                        load,
                        "SHOW COUNT(*) WARNINGS",
                        load.replace("TABLE l", "TABLE nosuch"),
                        load + "; SELECT 'next'",
                        "SELECT 'after'",
                        "DROP TABLE l");
    }

    private static Script emptyLocalFile() {
        return Script.of("a local file into a table that refuses it")
                .queries(
                        "DROP TABLE IF EXISTS l2",
                        "CREATE TABLE l2 (id INT PRIMARY KEY, v VARCHAR(1), CHECK (id > 1))",
                        "LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE l2 FIELDS TERMINATED BY ','",
                        "SELECT * FROM l2",
                        "DROP TABLE l2");
    }

    private static Script attributes() {
        return Script.of("query attributes")
                .step(
                        "a query with an attribute",
                        play ->
                                Caps.has(play.caps(), Caps.QUERY_ATTRIBUTES)
                                        ? Commands.queryWithAttribute("SELECT 2", "key", "value")
                                        : Commands.query("SELECT 2", play.caps()),
                        Expect.RESULTS)
                .query("SELECT 'after'")
                .command("no attribute header", Commands.text(3, "SELECT 3"), Expect.RESULTS)
                .query("SELECT 'after'");
    }

    private static Script otherCommands() {
        return Script.of("other commands")
                .command("ping", new byte[] {0x0E}, Expect.ONE)
                .command("statistics", new byte[] {0x09}, Expect.ONE)
                .command("debug", new byte[] {0x0D}, Expect.ONE)
                .command("schema", Commands.text(0x02, "mysql"), Expect.ONE)
                .query("SELECT DATABASE()")
                .command("no such schema", Commands.text(0x02, "nosuch"), Expect.ONE)
                .command("schema", Commands.text(0x02, "app"), Expect.ONE)
                .queries("DROP TABLE IF EXISTS f", "CREATE TABLE f (id INT DEFAULT 5, v CHAR(9))")
                .command("fields", Commands.text(0x04, "f\0%"), Expect.COLUMNS)
                .command("fields of nothing", Commands.text(0x04, "nosuch\0%"), Expect.COLUMNS)
                .query("DROP TABLE f")
                .command("ping", new byte[] {0x0E}, Expect.ONE);
    }

    private static Script unknownCommands() {
        Script script = Script.of("commands that nobody knows");
        for (int command : new int[] {0x05, 0x06, 0x0B, 0x0F, 0x10, 0x13, 0x14, 0x1D, 0x22, 0x7F}) {
            script.command("command " + command, new byte[] {(byte) command, 1, 2, 3}, Expect.ONE);
        }
        return script.command("empty packet", new byte[0], Expect.ONE)
                .command("kill nobody", Commands.statement(0x0C, 0x7FFFFFF1), Expect.ONE)
                .query("SELECT 'after'");
    }
}
