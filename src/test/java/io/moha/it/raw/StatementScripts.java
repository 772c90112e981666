package io.moha.it.raw;

import java.util.List;

/** Scripts of prepared statements: binary results, cursors, long data, OUT parameters. */
final class StatementScripts {

    private static final int CURSOR = 1;

    private StatementScripts() {}

    static List<Script> all() {
        return List.of(statements(), cursors(), longData(), outParameters(), severalResults());
    }

    private static Script statements() {
        return Script.of("prepared statements")
                .queries(
                        "DROP TABLE IF EXISTS p",
                        "CREATE TABLE p (id INT PRIMARY KEY, v VARCHAR(200), d DATETIME(3))")
                .prepare("INSERT INTO p VALUES (?, ?, '2026-01-02 03:04:05.678')")
                .execute(0, "1", "one")
                .execute(0, 0, false, "2", "two")
                .execute(0, "2", "again")
                .prepare("SELECT * FROM p WHERE id > ? ORDER BY id")
                .execute(1, "0")
                .execute(1, 0, false, "1")
                .prepare("SELECT 1, 'x', NULL, 1.25")
                .execute(2)
                .prepare("SELECT nosuch FROM p")
                .prepare("DO 1")
                .execute(3)
                .step("reset", play -> Commands.statement(0x1A, play.statement(1)), Expect.ONE)
                .execute(1, "1")
                .step("close", play -> Commands.statement(0x19, play.statement(1)), Expect.NOTHING)
                .execute(1, "1")
                .command("reset unknown", Commands.statement(0x1A, 777_777), Expect.ONE)
                .command("close unknown", Commands.statement(0x19, 777_777), Expect.NOTHING)
                .command("execute unknown", unknown(), Expect.RESULTS)
                .command("fetch unknown", Commands.fetch(777_777, 1), Expect.ROWS)
                .query("ALTER TABLE p ADD COLUMN more INT DEFAULT 3")
                .prepare("SELECT * FROM p WHERE id = ?")
                .execute(4, "1")
                .query("PREPARE named FROM 'SELECT ?'")
                .query("SET @x = 5")
                .query("EXECUTE named USING @x")
                .query("DEALLOCATE PREPARE named")
                .query("DROP TABLE p")
                .execute(4, "1");
    }

    private static byte[] unknown() {
        return Commands.execute(777_777, 0, List.of(), false, 0);
    }

    private static Script cursors() {
        return Script.of("cursors")
                .queries("DROP TABLE IF EXISTS c", "CREATE TABLE c (id INT PRIMARY KEY)")
                .query("INSERT INTO c VALUES (1), (2), (3), (4), (5)")
                .prepare("SELECT id FROM c ORDER BY id")
                .execute(0, CURSOR, true)
                .step("fetch 2", play -> Commands.fetch(play.statement(0), 2), Expect.ROWS)
                .query("SELECT 'between'")
                .step("fetch 2", play -> Commands.fetch(play.statement(0), 2), Expect.ROWS)
                .step("fetch 2", play -> Commands.fetch(play.statement(0), 2), Expect.ROWS)
                .step("fetch more", play -> Commands.fetch(play.statement(0), 2), Expect.ROWS)
                .execute(0, CURSOR, true)
                .step("reset", play -> Commands.statement(0x1A, play.statement(0)), Expect.ONE)
                .step("fetch", play -> Commands.fetch(play.statement(0), 2), Expect.ROWS)
                .prepare("SELECT id FROM c WHERE id > 100")
                .execute(1, CURSOR, true)
                .step("fetch none", play -> Commands.fetch(play.statement(1), 2), Expect.ROWS)
                .prepare("INSERT INTO c VALUES (9)")
                .execute(2, CURSOR, true)
                .query("BEGIN")
                .execute(0, CURSOR, true)
                .query("COMMIT")
                .step("fetch", play -> Commands.fetch(play.statement(0), 100), Expect.ROWS)
                .query("DROP TABLE c");
    }

    private static Script longData() {
        return Script.of("long data")
                .queries("DROP TABLE IF EXISTS b", "CREATE TABLE b (id INT, v LONGTEXT)")
                .prepare("INSERT INTO b VALUES (?, ?)")
                .step("part 1", play -> longData(play, "first "), Expect.NOTHING)
                .step("part 2", play -> longData(play, "second"), Expect.NOTHING)
                .execute(0, "1", "long:")
                .query("SELECT * FROM b")
                .step("part", play -> longData(play, "dropped"), Expect.NOTHING)
                .step("reset", play -> Commands.statement(0x1A, play.statement(0)), Expect.ONE)
                .execute(0, "2", "plain")
                .step(
                        "no such parameter",
                        play -> Commands.longData(play.statement(0), 9, "x"),
                        Expect.NOTHING)
                .execute(0, "3", "plain")
                .query("SELECT * FROM b ORDER BY id")
                .query("DROP TABLE b");
    }

    private static byte[] longData(Script.Play play, String data) {
        return Commands.longData(play.statement(0), 1, data);
    }

    private static Script outParameters() {
        return Script.of("OUT parameters")
                .queries(
                        "DROP PROCEDURE IF EXISTS outs",
                        "CREATE PROCEDURE outs(IN a INT, OUT b INT, INOUT c VARCHAR(20)) BEGIN"
                                + " SELECT a, c; SET b = a + 1, c = CONCAT(c, '!'); END")
                .prepare("CALL outs(?, ?, ?)")
                .execute(0, "1", "0", "hello")
                .query("SELECT 'after'")
                .execute(0, 0, false, "2", "0", "again")
                .query("DROP PROCEDURE outs");
    }

    private static Script severalResults() {
        return Script.of("several binary results")
                .queries(
                        "DROP PROCEDURE IF EXISTS many",
                        "CREATE PROCEDURE many() BEGIN SELECT 1; SELECT 2, 3; DO 1; END")
                .prepare("CALL many()")
                .execute(0)
                .execute(0, CURSOR, true)
                .query("SELECT 'after'")
                .query("DROP PROCEDURE many");
    }
}
