package org.beamtemplates.testing.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * The rules of the house that bytecode can tell. A module holds itself to them with
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "org.beamtemplates", importOptions = ThisModule.class)
 * class HouseRulesTest {
 *   @ArchTest static final ArchTests rules = ArchTests.in(HouseRules.class);
 * }
 * }</pre>
 */
public final class HouseRules {

  private static final String OURS = "org.beamtemplates..";
  private static final String SCHEMAS = "org.beamtemplates.schemas..";
  private static final String TRANSFORMS = "org.beamtemplates.transforms..";
  private static final String PIPELINES = "org.beamtemplates.pipelines..";

  /** A template may be in a package of its own, outside of ours. */
  private static final DescribedPredicate<JavaClass> TEMPLATES =
      resideOutsideOfPackage(OURS).or(resideInAPackage(PIPELINES)).as("are of a template");

  /** Public implementation classes, each with the reason. */
  private static final Map<String, String> PUBLIC_FOR_A_REASON =
      Map.of(
          "org.beamtemplates.transforms.io.ByteRecordCoder",
          "shared by delivery and dead letters, which are packages of their own",
          "org.beamtemplates.transforms.deadletter.DeadLetterCoder",
          "every stage sets it on its own dead letters");

  /** Classes that hand something of the JVM on, each with the reason. */
  private static final Map<String, String> STREAMS_FOR_A_REASON =
      Map.of(
          "org.beamtemplates.transforms.launch.Launcher",
          "gives a main method's streams to the launch");

  private static final Set<String> CLOCK_OWNERS =
      Set.of("java.time", "org.joda.time", "java.util.Date", "java.util.Calendar");

  private HouseRules() {}

  @ArchTest
  static void runnersAreUnknown(JavaClasses all) {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.beam.runners..", "org.apache.flink..", "org.apache.spark.."))
        .because("the library and the templates run unchanged on every runner")
        .allowEmptyShould(true)
        .check(mainOf(all));
  }

  @ArchTest
  static void packagesHaveNoCycles(JavaClasses all) {
    for (String slices :
        List.of(
            "org.beamtemplates.(*)..",
            "org.beamtemplates.transforms.(*)..",
            "org.beamtemplates.pipelines.(*)..")) {
      slices().matching(slices).should().beFreeOfCycles().allowEmptyShould(true).check(mainOf(all));
    }
  }

  @ArchTest
  static void implementationsArePackagePrivate(JavaClasses all) {
    noClasses()
        .that(areImplementations())
        .and(not(JavaClass.Predicates.INTERFACES))
        .and(not(listedIn(PUBLIC_FOR_A_REASON)))
        .should()
        .bePublic()
        .because("a package shows its factories and value types, nothing else")
        .allowEmptyShould(true)
        .check(mainOf(all));
  }

  @ArchTest
  static void floorsLookDownOnly(JavaClasses all) {
    Map<DescribedPredicate<JavaClass>, String[]> floors =
        Map.of(
            resideInAPackage(SCHEMAS),
            new String[] {SCHEMAS},
            resideInAPackage(TRANSFORMS),
            new String[] {TRANSFORMS, SCHEMAS},
            TEMPLATES,
            new String[] {PIPELINES, TRANSFORMS, SCHEMAS});
    floors.forEach(
        (floor, seen) ->
            classes()
                .that(floor)
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(OURS)).or(resideInAnyPackage(seen)))
                .allowEmptyShould(true)
                .check(mainOf(all)));
  }

  @ArchTest
  static void loggingIsSlf4jAlone(JavaClasses all) {
    noClasses()
        .should(USE_JAVA_UTIL_LOGGING)
        .because("one logging facade reaches every runner's logs")
        .allowEmptyShould(true)
        .check(mainOf(all));
  }

  @ArchTest
  static void outputGoesToStreamsThatAreGiven(JavaClasses all) {
    noClasses()
        .that(not(listedIn(STREAMS_FOR_A_REASON)))
        .should(ACCESS_STANDARD_STREAMS)
        .because("what is printed must be testable, and a worker has no terminal")
        .allowEmptyShould(true)
        .check(mainOf(all));
  }

  @ArchTest
  static void theClockIsInjected(JavaClasses all) {
    noClasses()
        .should()
        .callCodeUnitWhere(target(describe("reads the system clock", HouseRules::readsTheClock)))
        .because("a test must be able to set the time")
        .allowEmptyShould(true)
        .check(mainOf(all));
  }

  @ArchTest
  static void testsDoNotSleep(JavaClasses all) {
    noClasses()
        .should()
        .callMethodWhere(
            target(
                describe(
                    "is a sleep",
                    method ->
                        method.getName().equals("sleep")
                            && (method.getOwner().isEquivalentTo(Thread.class)
                                || method
                                    .getOwner()
                                    .getFullName()
                                    .equals("java.util.concurrent.TimeUnit")))))
        .because("a test that sleeps is slow on a fast machine and red on a slow one")
        .allowEmptyShould(true)
        .check(all.that(areTests()));
  }

  private static JavaClasses mainOf(JavaClasses all) {
    return all.that(not(areTests()));
  }

  private static DescribedPredicate<JavaClass> areTests() {
    return describe(
        "are tests",
        type ->
            type.getSource()
                .map(source -> source.getUri().toString().contains("/target/test-classes/"))
                .orElse(false));
  }

  private static DescribedPredicate<JavaClass> areImplementations() {
    return assignableTo(DoFn.class)
        .or(assignableTo(CombineFn.class))
        .or(assignableTo(Coder.class))
        .or(assignableTo(TimestampPolicyFactory.class))
        .or(simpleNameEndingWith("Fn"))
        .or(simpleNameEndingWith("Coder"))
        .forSubtype();
  }

  private static DescribedPredicate<JavaClass> listedIn(Map<String, String> reasons) {
    return describe("are listed with a reason", type -> reasons.containsKey(type.getName()));
  }

  private static boolean readsTheClock(CodeUnitCallTarget called) {
    String owner = called.getOwner().getName();
    String method = called.getName();
    if (owner.equals("java.lang.System")) {
      return method.equals("currentTimeMillis");
    }
    boolean now = method.equals("now") || method.equals("<init>") || method.equals("getInstance");
    return now
        && called.getRawParameterTypes().isEmpty()
        && (CLOCK_OWNERS.contains(called.getOwner().getPackageName())
            || CLOCK_OWNERS.contains(owner));
  }
}
