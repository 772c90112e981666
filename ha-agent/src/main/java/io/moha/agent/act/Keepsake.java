package io.moha.agent.act;

import java.nio.file.Path;
import java.util.List;

/** Keeps what a rebuild would throw away. */
public interface Keepsake {

    /**
     * Writes the transactions {@code gtids}, which {@code logs} hold, into a file and gives its
     * path. Blocks while the logs are read.
     *
     * @param name of the file, without its ending
     * @param verdict what they were worth, in one line
     * @throws AbandonedException when they could not be written whole
     */
    Path keep(String name, String gtids, String verdict, List<Path> logs) throws AbandonedException;
}
