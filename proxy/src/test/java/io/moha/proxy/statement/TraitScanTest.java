package io.moha.proxy.statement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitScanTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "select Get_Lock('a', 1) | 1",
                "FLUSH TABLES WITH READ \t LOCK | 1",
                "lock instance for backup | 1",
                "create  temporary\ttable t (a int) | 2",
                "select @a := 1 | 4",
                "select 1 into  @a | 4",
                "handler t open | 8",
                "select 1; xa start 'a' | 16",
                "call p() | 32",
                "call`p`() | 32",
                "prepare s from 'x' | 64",
                "set names utf8mb4 | 1024",
                "set gtid_next='a:1' | 1280",
                "set session session_track_schema=on | 1536",
                "show variables like 'a' | 512",
                "select * from performance_schema.session_variables | 512",
                "show count(*) warnings | 4096",
                "get diagnostics @a = row_count | 4096",
                "select found_rows() | 4096",
                "set session net_retry_count=3 | 1024",
                "kill query 5 | 2048",
                "/* app:1 */ set @a=1 | 1024",
                "/*!50000 set names latin1 */ | 1024",
                "/* select 1; call p() | 0",
                "/ * call p() | 0",
                "select c from sbtest1 where id=5 | 0",
                "select texas, calling, handler from xa | 0",
                "insert into t values ('x') | 0"
            })
    void wordsAreFoundHoweverTheyAreWritten(String sql, int traits) {
        assertThat(scan(sql, sql.length())).isEqualTo(traits);
    }

    @Test
    void commentsInFrontAreNoPartOfAStatement() {
        String sql = "-- who\n# and why\n /**/ /***/\tcall p()";

        assertThat(scan(sql, sql.length())).isEqualTo(StatementTrait.ROUTINE);
    }

    @Property
    void piecesMakeNoDifference(@ForAll @IntRange(min = 1, max = 40) int size) {
        String sql = "  select 1 ;  call p(); create temporary table t as select @a:=1";

        assertThat(scan(sql, size))
                .isEqualTo(
                        StatementTrait.ROUTINE
                                | StatementTrait.TEMPORARY_TABLE
                                | StatementTrait.USER_VARIABLE);
    }

    @Test
    void newStatementBeginsAfresh() {
        TraitScan scan = new TraitScan();
        scan.begin();
        ByteBuf bytes = Unpooled.copiedBuffer("call p()select 1", UTF_8);
        scan.scan(bytes, 0, 8);

        scan.begin();
        scan.scan(bytes, 8, 8);

        assertThat(scan.found()).isZero();
    }

    private static int scan(String sql, int size) {
        ByteBuf bytes = Unpooled.copiedBuffer(sql, UTF_8);
        TraitScan scan = new TraitScan();
        scan.begin();
        for (int i = 0; i < sql.length(); i += size) {
            scan.scan(bytes, i, Math.min(size, sql.length() - i));
        }
        return scan.found();
    }
}
