package io.moha.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.proxy.statement.SetStatement;
import io.moha.proxy.statement.StatementTrait;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionMemoryTest {

    private final SessionMemory memory = new SessionMemory(null);

    @Test
    void changeThatNobodyExplainsPins() {
        memory.onStateChanged();
        memory.onChangesEnd(0);

        assertThat(memory.pinReason()).contains("no tracker explains");
    }

    @Test
    void changeOfAVariableIsExplained() {
        memory.onVariable("sql_mode", "ANSI");
        memory.onStateChanged();
        memory.onChangesEnd(0);

        assertThat(memory.isMovable()).isTrue();
    }

    @Test
    void changeAfterAPrepareIsExplainedOnce() {
        memory.onPrepared(1, new byte[0], 0);
        memory.onStateChanged();
        memory.onChangesEnd(0);
        assertThat(memory.isMovable()).isTrue();

        memory.onStateChanged();
        memory.onChangesEnd(0);
        assertThat(memory.isMovable()).isFalse();
    }

    @Test
    void resetClearsAllButRoles() {
        memory.onStatement(StatementTrait.TEMPORARY_TABLE);
        memory.resetConnection();
        assertThat(memory.isMovable()).isTrue();

        memory.onSet(SetStatement.of("SET ROLE admin"));
        memory.resetConnection();
        assertThat(memory.pinReason()).contains("ROLE");
    }

    @Test
    void statementsGetNumbersOfTheirOwn() {
        assertThat(memory.onPrepared(1, new byte[0], 0)).isEqualTo(1);
        assertThat(memory.onPrepared(1, new byte[0], 0)).isEqualTo(2);
        memory.onStatementClosed(1);
        assertThat(memory.onPrepared(1, new byte[0], 0)).isEqualTo(1);
    }

    @Test
    void openCursorPins() {
        memory.onPrepared(1, new byte[0], 0);

        Objects.requireNonNull(memory.statement(1)).cursorOpen = true;

        assertThat(memory.pinReason()).contains("cursor");
    }
}
