// Writes what is in the demonstration's packages, a folder each, and the C++ that takes their zip files in. Zipping
// is the build's part.
//
//   node make.mjs FOLDER OUT.cpp
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [folder, out] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const courses = JSON.parse(readFileSync(join(here, 'courses.json'), 'utf8'))

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const page = (unit) => `<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(unit.title)}</title><link rel="stylesheet" href="course.css"></head>
<body><main></main><script type="application/json" id="course">${JSON.stringify({ lang: 'nl', ...unit }).replaceAll('<', '\\u003c')}</script><script type="module" src="course.js"></script></body>
</html>
`

const scorm12 = (course) => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${course.id}" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="course"><organization identifier="course"><title>${escape(course.title.nl)}</title>
${course.units.map((unit) => `    <item identifier="${unit.id}" identifierref="${unit.id}-files"><title>${escape(unit.title)}</title><adlcp:masteryscore>${unit.pass * 100}</adlcp:masteryscore></item>`).join('\n')}
  </organization></organizations>
  <resources>
${course.units.map((unit) => resource(unit, 'scormtype')).join('\n')}
  </resources>
</manifest>
`
const resource = (unit, type) => `    <resource identifier="${unit.id}-files" type="webcontent" adlcp:${type}="sco" href="${unit.id}.html"><file href="${unit.id}.html"/><file href="course.js"/><file href="tracker.js"/><file href="course.css"/></resource>`

// What a test before shows to be known need not be read: its objective, shared, lets a lesson be skipped.
const shares = (course, write) => `<imsss:mapInfo targetObjectiveID="${course.id}.known" readSatisfiedStatus="${!write}" writeSatisfiedStatus="${write}"/>`
const sequencing = (course, unit) => ({
  tests: `<imsss:sequencing><imsss:rollupRules rollupObjectiveSatisfied="false"/><imsss:objectives><imsss:primaryObjective objectiveID="tested">${shares(course, true)}</imsss:primaryObjective></imsss:objectives></imsss:sequencing>`,
  teaches: `<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition referencedObjective="known" condition="satisfied"/></imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules><imsss:rollupRules rollupObjectiveSatisfied="false" rollupProgressCompletion="false"/><imsss:objectives><imsss:primaryObjective objectiveID="read"/><imsss:objective objectiveID="known">${shares(course, false)}</imsss:objective></imsss:objectives></imsss:sequencing>`,
})[unit.role] ?? ''
const scorm2004 = (course) => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${course.id}" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 ${course.edition} Edition</schemaversion></metadata>
  <organizations default="course"><organization identifier="course"><title>${escape(course.title.nl)}</title>
${course.units.map((unit) => `    <item identifier="${unit.id}" identifierref="${unit.id}-files"><title>${escape(unit.title)}</title>${sequencing(course, unit)}</item>`).join('\n')}
    ${course.units.length > 1 ? '<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>' : ''}
  </organization></organizations>
  <resources>
${course.units.map((unit) => resource(unit, 'scormType')).join('\n')}
  </resources>
</manifest>
`

const texts = (name, given) => `<${name}>${Object.entries(given).map(([lang, text]) => `<langstring lang="${lang}">${escape(text)}</langstring>`).join('')}</${name}>`
const cmi5 = (course) => `<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="https://academie.waterrijk.example/${course.id}">${texts('title', course.title)}${texts('description', course.about)}</course>
  <block id="https://academie.waterrijk.example/${course.id}/block">${texts('title', course.title)}${texts('description', course.about)}
${course.units.map((unit) => `    <au id="https://academie.waterrijk.example/${course.id}/${unit.id}" moveOn="${unit.questions.length ? 'Passed' : 'Completed'}"${unit.questions.length ? ` masteryScore="${unit.pass}"` : ''}>${texts('title', { nl: unit.title })}${texts('description', { nl: unit.title })}<url>${unit.id}.html</url></au>`).join('\n')}
  </block>
</courseStructure>
`
const tincan = (course) => `<?xml version="1.0" encoding="UTF-8"?>
<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities>
  <activity id="https://academie.waterrijk.example/${course.id}" type="http://adlnet.gov/expapi/activities/course">${Object.entries(course.title).map(([lang, text]) => `<name lang="${lang}">${escape(text)}</name>`).join('')}<description lang="nl">${escape(course.about.nl)}</description><launch lang="nl">${course.units[0].id}.html</launch></activity>
</activities></tincan>
`
const kinds = {
  scorm12: ['imsmanifest.xml', scorm12, 'scorm.js'],
  scorm2004: ['imsmanifest.xml', scorm2004, 'scorm.js'],
  cmi5: ['cmi5.xml', cmi5, 'xapi.js'],
  tincan: ['tincan.xml', tincan, 'xapi.js'],
}

for (const course of courses) {
  const [manifest, write, tracker] = kinds[course.kind]
  const place = join(folder, course.id)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, manifest), write(course))
  for (const unit of course.units) writeFileSync(join(place, `${unit.id}.html`), page(unit))
  for (const [from, to] of [['course.js', 'course.js'], ['course.css', 'course.css'], [tracker, 'tracker.js']]) copyFileSync(join(here, from), join(place, to))
}

const name = (i) => `leerspoor_demo_course_${i}`
writeFileSync(out, `// Made by server/demo/courses/make.mjs.
#include "server/demo/courses.hpp"

__asm__(".section .rodata\\n"
${courses.map((course, i) => `    ".global ${name(i)}\\n.global ${name(i)}_end\\n${name(i)}:\\n.incbin \\"${join(folder, course.id)}.zip\\"\\n${name(i)}_end:\\n"`).join('\n')}
    ".text\\n");

extern "C" {
${courses.map((_, i) => `extern const char ${name(i)}[];\nextern const char ${name(i)}_end[];`).join('\n')}
}

namespace leerspoor::server::demo {

std::vector<std::string_view> packages() {
    return {
${courses.map((_, i) => `        {${name(i)}, static_cast<std::size_t>(${name(i)}_end - ${name(i)})},`).join('\n')}
    };
}

} // namespace leerspoor::server::demo
`)
