package io.moha.proxy.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillStatementTest {

    @Test
    void bothFormsAreRead() {
        assertThat(KillStatement.of("kill query 2147483649;"))
                .contains(new KillStatement(true, 2_147_483_649L));
        assertThat(KillStatement.of("/* c */ KILL 7")).contains(new KillStatement(false, 7));
        assertThat(KillStatement.of("KILL CONNECTION 7").orElseThrow().withId(3))
                .isEqualTo("KILL CONNECTION 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL @a", "KILL 1+1", "KILL 5; SELECT 1", "SELECT 'KILL 5'", "KILL"})
    void anythingElseIsNot(String sql) {
        assertThat(KillStatement.of(sql)).isEmpty();
    }
}
