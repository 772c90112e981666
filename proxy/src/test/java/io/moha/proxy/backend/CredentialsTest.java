package io.moha.proxy.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CredentialsTest {

    @Test
    void passwordComesBackAndItsFirstCopyIsGone() {
        byte[] password = "s3cret".getBytes(UTF_8);

        Credentials credentials = Credentials.seal(password);

        assertThat(password).containsOnly(0);
        assertThat(credentials.open()).isEqualTo("s3cret".getBytes(UTF_8));
        assertThat(credentials).hasToString("Credentials");
    }

    @Test
    void samePasswordIsNeverSealedTheSameWay() {
        SecretBox box = new SecretBox();

        assertThat(box.seal("pw".getBytes(UTF_8))).isNotEqualTo(box.seal("pw".getBytes(UTF_8)));
    }

    @Test
    void emptyPasswordIsKnownAsSuch() {
        assertThat(Credentials.seal(new byte[0]).isEmpty()).isTrue();
        assertThat(Credentials.EMPTY.open()).isEmpty();
    }
}
