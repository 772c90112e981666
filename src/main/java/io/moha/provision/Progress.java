package io.moha.provision;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told how fetching and preparing servers goes. Callable from any thread. */
public interface Progress {

    /** A step begins; {@code what} is a short sentence for people. */
    void step(String what);

    /**
     * A download goes on.
     *
     * @param what is downloaded
     * @param doneBytes so far
     * @param totalBytes in the end; 0 when unknown
     */
    void download(String what, long doneBytes, long totalBytes);

    /** Writes steps to the log and says nothing of downloads under way. */
    static Progress toLog() {
        Logger logger = LoggerFactory.getLogger(Progress.class);
        return new Progress() {
            @Override
            public void step(String what) {
                logger.info(what);
            }

            @Override
            public void download(String what, long doneBytes, long totalBytes) {
                logger.atDebug()
                        .addKeyValue("what", what)
                        .addKeyValue("doneBytes", doneBytes)
                        .addKeyValue("totalBytes", totalBytes)
                        .log("download goes on");
            }
        };
    }
}
