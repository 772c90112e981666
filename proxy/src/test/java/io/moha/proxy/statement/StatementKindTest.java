package io.moha.proxy.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementKindTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "select c from sbtest1 where id=5;",
                "/* driver */ SELECT @@session.sql_mode, NOW(), count(*) FROM t",
                "SELECT 'a;b', \"x(y)\" FROM (SELECT 1) AS d WHERE a IN (1, 2)",
                "SELECT 'it''s', 'it\\'s; drop' FROM t FOR UPDATE",
                "(SELECT 1) UNION ALL (SELECT 2)",
                "SHOW TABLES",
                "USE app"
            })
    void readsMayBeSentAgain(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.REPEATABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT my_function(1)",
                "SELECT app.`f`(1)",
                "SELECT GET_LOCK('a', 1)",
                "SELECT SLEEP(1)",
                "SELECT a INTO @v FROM t",
                "SELECT @a := 1",
                "INSERT INTO t VALUES (1)",
                "update t set a=1",
                "ROLLBACK TO SAVEPOINT a"
            })
    void whatCouldWriteIsNeverSentAgain(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.TRANSACTIONAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BEGIN", "START TRANSACTION READ ONLY", "SET NAMES utf8mb4", "set a=1, b=2"})
    void settingsCommitWhatIsOpen(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.SETTING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "CREATE TABLE t (a INT)",
                "CALL p()",
                "SELECT 1; DELETE FROM t",
                "SELECT 1 /*! INTO OUTFILE 'x' */",
                "SET GLOBAL a = 1",
                "SET a = (SELECT f())",
                "ROLLBACK AND CHAIN",
                "XA COMMIT 'a'",
                ""
            })
    void everythingElseMayHaveLasted(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.LASTING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ROLLBACK", "rollback work", " rollback ; "})
    void rollbackIsKnown(String sql) {
        assertThat(StatementKind.of(sql)).isEqualTo(StatementKind.ROLLBACK);
    }
}
