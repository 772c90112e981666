package io.moha.proxy.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetStatementTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET @a = 1 | 4",
                "set sql_mode='x', @b := 2 | 4",
                "SET @`my var` = 1 | 4",
                "SET sql_mode = @old_mode | 0",
                "SET @@session.sql_mode = 'a' | 0",
                "SET ROLE admin | 128",
                "set resource group x | 128",
                "SET NAMES utf8mb4 | 0"
            })
    void whatTrackersMissIsSeen(String sql, int traits) {
        assertThat(SetStatement.of(sql).traits()).isEqualTo(traits);
    }

    @Test
    void collationOfNamesIsKept() {
        assertThat(SetStatement.of("SET NAMES utf8mb4 COLLATE utf8mb4_bin"))
                .isEqualTo(new SetStatement(0, true, Optional.of("utf8mb4_bin")));
        assertThat(SetStatement.of("set names 'utf8mb4' collate 'utf8mb4_bin'").collation())
                .contains("utf8mb4_bin");
        assertThat(SetStatement.of("SET a=1, NAMES utf8mb4"))
                .isEqualTo(new SetStatement(0, true, Optional.empty()));
    }
}
