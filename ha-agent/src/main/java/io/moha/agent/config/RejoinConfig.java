package io.moha.agent.config;

import io.moha.protocol.config.Section;
import java.nio.file.Path;

/**
 * The {@code rejoin:} section.
 *
 * @param mode who brings a diverged server back
 * @param divergenceDir where its surplus transactions are kept
 */
public record RejoinConfig(Mode mode, Path divergenceDir) {

    /** Who brings a diverged server back. */
    public enum Mode {
        /** The agent does. */
        AUTO,
        /** It is quarantined until an operator asks for it. */
        MANUAL
    }

    static RejoinConfig bind(Section section, Path stateDir) {
        Path configured = section.optionalPath("divergenceDir");
        return new RejoinConfig(
                section.choice("mode", Mode.class, Mode.AUTO),
                configured == null ? stateDir.resolve("divergence") : configured);
    }
}
