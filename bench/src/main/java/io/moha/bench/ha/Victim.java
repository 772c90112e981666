package io.moha.bench.ha;

/** What of the primary dies or stands still. */
enum Victim {
    /** mysqld alone, by SIGKILL. */
    MYSQLD("mysqld", "kill -9 of the primary's mysqld", false),
    /** mysqld and its agent, by SIGKILL at once; the guard lives. */
    PAIR("pair", "kill -9 of the primary's mysqld and agent", false),
    /** mysqld, its guard and its agent, by SIGKILL at once. */
    HOST("host", "Loss of the primary's host", false),
    /** mysqld alone, by SIGSTOP for good. */
    HANG("hang", "The primary's mysqld stands still (SIGSTOP)", false),
    /** mysqld, its guard and its agent, by SIGSTOP at once; later they go on. */
    FREEZE("freeze", "The primary's host freezes (SIGSTOP of mysqld, guard, agent; SIGCONT)", true),
    /** The agent alone, by SIGSTOP; later it goes on. */
    AGENT_PAUSE("agent-pause", "The primary's agent pauses (SIGSTOP, SIGCONT)", true);

    private final String word;
    private final String title;
    private final boolean goesOn;

    Victim(String word, String title, boolean goesOn) {
        this.word = word;
        this.title = title;
        this.goesOn = goesOn;
    }

    /** What a results file calls it. */
    String title() {
        return title;
    }

    /** Whether it comes back to life as if nothing had happened, so that it has to be watched. */
    boolean goesOn() {
        return goesOn;
    }

    /** What the command line calls it. */
    @Override
    public String toString() {
        return word;
    }
}
