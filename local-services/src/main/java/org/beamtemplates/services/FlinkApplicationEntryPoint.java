package org.beamtemplates.services;

import java.io.File;
import java.util.Arrays;
import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.program.DefaultPackagedProgramRetriever;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

/**
 * The JobManager of a standalone cluster in application mode: it runs the main method of a program
 * itself, and ends with its job. What is special about the mode is in Flink's client, and the same
 * for Kubernetes; only the standalone entry point is part of the distribution and of no artifact
 * that could be resolved, so here is one.
 *
 * <p>A single class file that is copied to the class path of the cluster: see {@link ClassFile}.
 */
final class FlinkApplicationEntryPoint extends ApplicationClusterEntryPoint {

  /** Folder of the program's jars in the working folder of all processes: Flink's own name. */
  static final String JARS = "usrlib";

  private FlinkApplicationEntryPoint(Configuration configuration, PackagedProgram program) {
    super(configuration, program, StandaloneResourceManagerFactory.getInstance());
  }

  /** Takes Flink's options, then the file name of the job's jar, its main class, its arguments. */
  public static void main(String[] args) throws Exception {
    EntrypointClusterConfiguration given = parseArguments(args);
    Configuration configuration = loadConfiguration(given);
    String[] words = given.getArgs();
    File jars = new File(JARS);
    PackagedProgram program =
        DefaultPackagedProgramRetriever.create(
                jars,
                new File(jars, words[0]),
                words[1],
                Arrays.copyOfRange(words, 2, words.length),
                configuration)
            .getPackagedProgram();
    configureExecution(configuration, program);
    runClusterEntrypoint(new FlinkApplicationEntryPoint(configuration, program));
  }
}
