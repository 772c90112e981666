package io.moha.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({"0,PT0S", "5s,PT5S", "250ms,PT0.25S", "1m,PT1M", "2h,PT2H", "1d,PT24H", "5 s,PT5S"})
    void durationsHaveAUnit(String text, Duration expected) {
        assertThat(Quantity.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 parsecs", "1.5s", "ten"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Quantity.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a duration like 10s, got '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "17,17", "1KB,1024", "256MB,268435456", "2gb,2147483648"})
    void sizesAreInBytes(String text, long expected) {
        assertThat(Quantity.bytes(text)).isEqualTo(expected);
    }

    @Test
    void otherSizesAreRefused() {
        assertThatThrownBy(() -> Quantity.bytes("1 lot"))
                .hasMessage("expected a size like 256MB, got '1 lot'");
    }

    @ParameterizedTest
    @CsvSource({"PT0.25S,250ms", "PT5S,5s", "PT1M,60s"})
    void aDurationIsWrittenShort(Duration duration, String expected) {
        assertThat(Quantity.text(duration)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"db1:3306,db1,3306", "[::1]:1,::1,1", "0.0.0.0:0,0.0.0.0,0"})
    void hostAndPortAreReadAndWrittenAlike(String text, String host, int port) {
        HostPort parsed = HostPort.parse(text);

        assertThat(parsed).isEqualTo(new HostPort(host, port));
        assertThat(parsed).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "db1", ":1", "db1:", "db1:99999", "::1:3306", "a b:1:2"})
    void otherHostsAndPortsAreRefused(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
