package io.moha.agent.mysql;

/**
 * Space where a server writes; of two file systems, the fullest.
 *
 * @param percent how full, as an unprivileged writer sees it, rounded up; negative when unknown
 * @param freeBytes what is left for such a writer; negative when unknown
 */
public record DiskSpace(int percent, long freeBytes) {

    /** Nothing is known. */
    public static final DiskSpace UNKNOWN = new DiskSpace(-1, -1);

    /**
     * With less than this mysqld waits for space. A write that does not fit takes what there is
     * before it waits (my_write), so that next to nothing is left then, however large the disk.
     */
    private static final long LEAST = 1 << 20;

    /** Whether nothing more can be written. */
    public boolean isFull() {
        return freeBytes >= 0 && freeBytes < LEAST;
    }

    /** The fuller of both, in each respect; what is not known of one counts for nothing. */
    DiskSpace or(DiskSpace other) {
        long free =
                freeBytes < 0 || other.freeBytes < 0
                        ? Math.max(freeBytes, other.freeBytes)
                        : Math.min(freeBytes, other.freeBytes);
        return new DiskSpace(Math.max(percent, other.percent), free);
    }
}
