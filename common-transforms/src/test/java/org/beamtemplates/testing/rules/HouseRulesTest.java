package org.beamtemplates.testing.rules;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

/** Holds this module to the rules of the house. */
@AnalyzeClasses(packages = "org.beamtemplates", importOptions = ThisModule.class)
class HouseRulesTest {

  @ArchTest static final ArchTests RULES = ArchTests.in(HouseRules.class);
}
