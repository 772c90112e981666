package io.moha.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moha.proxy.admin.AdminStatement.Select;
import io.moha.proxy.admin.AdminStatement.SelectItem;
import io.moha.proxy.admin.AdminStatement.Show;
import io.moha.proxy.admin.AdminStatement.Topic;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminParserTest {

    @ParameterizedTest
    @CsvSource({
        "SHOW NODES, NODES",
        "show sessions;, SESSIONS",
        "SHOW FULL PROCESSLIST, SESSIONS",
        "SHOW GLOBAL STATUS, STATUS",
        "/* tool */ SHOW CLUSTER -- now, CLUSTER",
        "SHOW\tHISTORY ; ; , HISTORY",
        "SHOW POOLS, POOLS",
        "SHOW PROXIES # all, PROXIES",
        "SHOW WARNINGS, WARNINGS"
    })
    void showNamesItsTopic(String sql, Topic expected) throws Exception {
        assertThat(AdminParser.parse(sql)).isEqualTo(new Show(expected, null));
    }

    @Test
    void showTakesAPattern() throws Exception {
        assertThat(AdminParser.parse("SHOW VARIABLES LIKE 'hold\\_%'"))
                .isEqualTo(new Show(Topic.VARIABLES, "hold\\_%"));
    }

    @ParameterizedTest
    @CsvSource({
        "SWITCHOVER,",
        "switchover to 'n2';, n2",
        "SWITCHOVER TO n2, n2",
        "SWITCHOVER TO `db-2.zone1`, db-2.zone1",
        "SWITCHOVER TO db-2.zone1, db-2.zone1"
    })
    void aSwitchoverMayNameItsTarget(String sql, String expected) throws Exception {
        assertThat(AdminParser.parse(sql)).isEqualTo(new AdminStatement.Switchover(expected));
    }

    @Test
    void operatorsCommandsAreRead() throws Exception {
        assertThat(AdminParser.parse("PAUSE")).isEqualTo(new AdminStatement.Pause());
        assertThat(AdminParser.parse("Resume;")).isEqualTo(new AdminStatement.Resume());
        assertThat(AdminParser.parse("SWITCHOVER TO 'n2' DRY RUN"))
                .isEqualTo(new AdminStatement.Rehearse("n2"));
        assertThat(AdminParser.parse("switchover dry run;"))
                .isEqualTo(new AdminStatement.Rehearse(null));
        assertThat(AdminParser.parse("HOLD WRITES")).isEqualTo(new AdminStatement.HoldWrites(true));
        assertThat(AdminParser.parse("RELEASE WRITES"))
                .isEqualTo(new AdminStatement.HoldWrites(false));
        assertThat(AdminParser.parse("RELOAD")).isEqualTo(new AdminStatement.Reload());
        assertThat(AdminParser.parse("SET hold.maxWait = '5s'"))
                .isEqualTo(new AdminStatement.SetSetting("hold.maxWait"));
        assertThat(AdminParser.parse("DRAIN")).isEqualTo(new AdminStatement.Drain());
        assertThat(AdminParser.parse("HELP")).isEqualTo(new AdminStatement.Help());
        assertThat(AdminParser.parse("KILL 2147483650"))
                .isEqualTo(new AdminStatement.Kill(2147483650L));
        assertThat(AdminParser.parse("KILL CONNECTION 7")).isEqualTo(new AdminStatement.Kill(7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "/* ping */",
                "SET NAMES utf8mb4",
                "SET character_set_results = NULL",
                "set autocommit=1",
                "COMMIT",
                "START TRANSACTION",
                "USE `x`"
            })
    void whatMeansNothingHereIsAccepted(String sql) throws Exception {
        assertThat(AdminParser.parse(sql)).isEqualTo(new AdminStatement.Ignored());
    }

    @Test
    void aSelectNamesItsColumnsAsMySqlDoes() throws Exception {
        assertThat(
                        AdminParser.parse(
                                "/* mysql-connector-j */SELECT  @@session.wait_timeout AS wait,"
                                        + " @@version_comment, USER( ), 1 one, 'x' limit 1"))
                .asInstanceOf(InstanceOfAssertFactories.type(Select.class))
                .extracting(Select::items, InstanceOfAssertFactories.list(SelectItem.class))
                .extracting(SelectItem::name)
                .containsExactly("wait", "@@version_comment", "USER( )", "one", "'x'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT $$",
                "SELECT * FROM t",
                "DELETE FROM t",
                "SHOW",
                "SHOW NOTHING",
                "SHOW NODES NOW",
                "SHOW STATUS LIKE",
                "KILL me",
                "SWITCHOVER TO",
                "SWITCHOVER DRY",
                "HOLD",
                "SWITCHOVER n2",
                "SELECT 'unclosed"
            })
    void anythingElseIsRefusedWithAHint(String sql) {
        assertThatThrownBy(() -> AdminParser.parse(sql))
                .isInstanceOf(AdminSyntaxException.class)
                .hasMessageContaining("try HELP");
    }

    @ParameterizedTest
    @CsvSource({
        "Threads_connected, threads%, true",
        "Uptime, %time, true",
        "Uptime, Up_ime, true",
        "a_b, a\\_b, true",
        "axb, a\\_b, false",
        "Uptime, time, false"
    })
    void likeMatchesAsInSql(String text, String pattern, boolean expected) {
        assertThat(new LikePattern(pattern).matches(text)).isEqualTo(expected);
    }
}
