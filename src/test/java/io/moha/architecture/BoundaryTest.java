package io.moha.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** Who may see whom. */
@AnalyzeClasses(packages = "io.moha", importOptions = BoundaryTest.OnlyTheProduct.class)
class BoundaryTest {

    /** Leaves out tests, whether they lie in a directory or in a jar. */
    static final class OnlyTheProduct implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.moha.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PROTOCOL_KNOWS_NOBODY =
            noClasses()
                    .that()
                    .resideInAPackage("io.moha.protocol..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.moha.proxy..",
                            "io.moha.agent..",
                            "io.moha.cli..",
                            "io.etcd..",
                            "java.sql..");

    @ArchTest
    static final ArchRule PROXY_AND_AGENT_MEET_ONLY_IN_THE_PROTOCOL =
            noClasses()
                    .that()
                    .resideInAPackage("io.moha.proxy..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.moha.agent..", "io.moha.cli..");

    @ArchTest
    static final ArchRule AGENT_DOES_NOT_KNOW_THE_PROXY =
            noClasses()
                    .that()
                    .resideInAPackage("io.moha.agent..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.moha.proxy..", "io.moha.cli..");

    @ArchTest
    static final ArchRule ETCD_IS_BEHIND_ONE_PACKAGE_A_PROCESS =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.moha.proxy.topology..", "io.moha.agent.store..", "io.moha.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.etcd..");

    @ArchTest
    static final ArchRule SQL_IS_BEHIND_ONE_PACKAGE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.moha.agent.mysql..", "io.moha.bench..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.sql..");

    @ArchTest
    static final ArchRule PURE_PACKAGES_ARE_PURE =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.moha.agent.decide..", "io.moha.protocol.response..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.etcd..",
                            "io.netty.channel..",
                            "java.sql..",
                            "java.io..",
                            "java.net..",
                            "java.nio.channels..",
                            "java.util.concurrent..",
                            "org.slf4j..");

    @ArchTest
    static final ArchRule CLOCKS_ARE_READ_IN_ONE_PLACE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.moha.protocol.base..", "io.moha.bench..")
                    .should()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.moha.bench..")
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", java.time.Duration.class);
}
