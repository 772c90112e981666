package io.moha.proxy.topology;

/** Compares MySQL versions such as {@code 8.0.33} and {@code 9.7.4-log} by their numbers. */
final class MysqlVersion {

    private static final int PARTS = 3;

    private MysqlVersion() {}

    /** Negative when {@code a} is older than {@code b}; whatever follows the numbers is ignored. */
    static int compare(String a, String b) {
        for (int part = 0; part < PARTS; part++) {
            int order = Integer.compare(number(a, part), number(b, part));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int number(String version, int part) {
        String[] numbers = version.split("[^0-9]+", PARTS + 1);
        if (part >= numbers.length || numbers[part].isEmpty() || numbers[part].length() > 6) {
            return 0;
        }
        return Integer.parseInt(numbers[part]);
    }
}
