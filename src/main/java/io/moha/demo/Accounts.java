package io.moha.demo;

import io.moha.provision.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;

/**
 * The accounts of a demo and their passwords, which are made once and kept in files that only this
 * user can read.
 *
 * @param directory of the password files, one an account
 * @param root superuser of the servers
 * @param app the application's account
 * @param agent the agents' account
 * @param replication the replicas' account
 * @param admin of the proxies' admin port; unknown to the servers
 */
public record Accounts(
        Path directory,
        DemoFile.Account root,
        DemoFile.Account app,
        DemoFile.Account agent,
        DemoFile.Account replication,
        DemoFile.Account admin) {

    private static final String LETTERS =
            "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int LENGTH = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The application's schema. */
    public static final String SCHEMA = "app";

    /** The accounts kept in {@code directory}; made now when there are none. */
    public static Accounts in(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        return new Accounts(
                directory,
                account(directory, "root"),
                account(directory, "app"),
                account(directory, "moha_admin"),
                account(directory, "moha_repl"),
                account(directory, "admin"));
    }

    private static DemoFile.Account account(Path directory, String user) throws IOException {
        Path file = directory.resolve(user + ".pw");
        if (!Files.exists(file)) {
            StringBuilder password = new StringBuilder();
            for (int i = 0; i < LENGTH; i++) {
                password.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
            }
            FileTree.writeSecret(file, password + "\n");
        }
        return new DemoFile.Account(user, Files.readString(file).strip());
    }

    /** The file with the password of {@code account}. */
    public Path passwordFile(DemoFile.Account account) {
        return directory.resolve(account.user() + ".pw");
    }

    /** What makes the accounts in a new data directory, one statement an element. */
    public List<String> statements() {
        return List.of(
                "CREATE DATABASE " + SCHEMA,
                "ALTER USER root@localhost IDENTIFIED BY '" + root.password() + "'",
                create(root),
                "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION",
                create(agent),
                "GRANT ALL ON *.* TO " + agent.user() + "@'%' WITH GRANT OPTION",
                create(replication),
                "GRANT REPLICATION SLAVE, BACKUP_ADMIN ON *.* TO " + replication.user() + "@'%'",
                create(app),
                "GRANT ALL ON " + SCHEMA + ".* TO " + app.user() + "@'%'",
                "GRANT ALL ON `sbtest%`.* TO " + app.user() + "@'%'",
                "GRANT PROCESS, REPLICATION CLIENT ON *.* TO " + app.user() + "@'%'",
                "GRANT SELECT ON performance_schema.* TO " + app.user() + "@'%'");
    }

    private static String create(DemoFile.Account account) {
        return "CREATE USER " + account.user() + "@'%' IDENTIFIED BY '" + account.password() + "'";
    }
}
