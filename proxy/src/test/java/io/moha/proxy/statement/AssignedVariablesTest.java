package io.moha.proxy.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AssignedVariablesTest {

    @Test
    void everyFormOfSetIsSeen() {
        assertThat(
                        AssignedVariables.in(
                                "SET a=1, @@SESSION.B := 2, `c` = (SELECT 3), GLOBAL d = 4"))
                .hasValueSatisfying(names -> assertThat(names).contains("a", "b", "c", "d"));
    }

    @Test
    void statementsWithASyntaxOfTheirOwnNameTheirVariables() {
        assertThat(AssignedVariables.in("SET NAMES utf8mb4"))
                .hasValueSatisfying(names -> assertThat(names).contains("character_set_results"));
        assertThat(AssignedVariables.in("SET SESSION TRANSACTION READ ONLY"))
                .hasValueSatisfying(names -> assertThat(names).contains("transaction_read_only"));
    }

    @Test
    void hiddenPartsCannotBeTold() {
        assertThat(AssignedVariables.in("SET a=1 /*!80000 , b=2 */")).isEmpty();
    }
}
