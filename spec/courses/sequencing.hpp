// imsss:sequencing of an item, an organization or a collection (SCORM 2004 SN 3, CAM 5) as scorm-again takes
// it for an activity of its tree.
#pragma once

#include "spec/courses/xml.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <string>

namespace leerspoor::spec::courses {

// The sequencing elements of the manifest's imsss:sequencingCollection, by their IDs.
using SequencingCollection = std::map<std::string, pugi::xml_node, std::less<>>;

// `node` may be empty: {}. What the element refers to by IDRef counts where the element itself says nothing.
// Error: course_invalid (an IDRef to nothing, a number that is none).
Result<boost::json::object> read_sequencing(const Xml& xml, pugi::xml_node node,
                                            const SequencingCollection& collection);

// adlnav:presentation: what the player is not to show (hideLMSUI).
void read_presentation(pugi::xml_node item, boost::json::object& sequencing);

} // namespace leerspoor::spec::courses
