package org.beamtemplates.pipelines.deadletterreplay;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.beamtemplates.testing.rules.HouseRules;
import org.beamtemplates.testing.rules.ThisModule;

/** Holds this module to the rules of the house. */
@AnalyzeClasses(packagesOf = HouseRulesTest.class, importOptions = ThisModule.class)
class HouseRulesTest {

  @ArchTest static final ArchTests RULES = ArchTests.in(HouseRules.class);
}
