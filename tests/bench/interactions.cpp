#include "interactions.hpp"

#include <array>
#include <string_view>

namespace leerspoor::bench {
namespace {

struct Interaction {
    std::string_view definition;
    std::string_view right;
    std::string_view wrong;
};

constexpr std::array<Interaction, 7> interactions = {{
    {R"("interactionType":"choice","correctResponsesPattern":["b"],"choices":[)"
     R"({"id":"a","description":{"nl":"Direct doorverbinden","en":"Transfer at once"}},)"
     R"({"id":"b","description":{"nl":"Eerst doorvragen","en":"Ask on first"}},)"
     R"({"id":"c","description":{"nl":"Terugbellen na overleg","en":"Call back later"}},)"
     R"({"id":"d","description":{"nl":"Een formulier sturen","en":"Send a form"}}])",
     R"("b")", R"("c")"},
    {R"("interactionType":"true-false","correctResponsesPattern":["true"])", R"("true")", R"("false")"},
    {R"("interactionType":"fill-in","correctResponsesPattern":["{lang=nl}gemeentewet","{lang=en}municipalities act"])",
     R"("gemeentewet")", R"("grondwet")"},
    {R"("interactionType":"numeric","correctResponsesPattern":["6[:]8"])", R"("7")", R"("12")"},
    {R"("interactionType":"matching","correctResponsesPattern":["raad[.]kaders[,]college[.]uitvoering"],)"
     R"("source":[{"id":"raad","description":{"nl":"De raad","en":"The council"}},)"
     R"({"id":"college","description":{"nl":"Het college","en":"The executive"}}],)"
     R"("target":[{"id":"kaders","description":{"nl":"stelt kaders","en":"sets the frame"}},)"
     R"({"id":"uitvoering","description":{"nl":"voert uit","en":"carries out"}}])",
     R"("raad[.]kaders[,]college[.]uitvoering")", R"("raad[.]uitvoering[,]college[.]kaders")"},
    {R"("interactionType":"sequencing","correctResponsesPattern":["melding[,]onderzoek[,]besluit"],"choices":[)"
     R"({"id":"besluit","description":{"nl":"Besluit","en":"Decision"}},)"
     R"({"id":"melding","description":{"nl":"Melding","en":"Request"}},)"
     R"({"id":"onderzoek","description":{"nl":"Onderzoek","en":"Inquiry"}}])",
     R"("melding[,]onderzoek[,]besluit")", R"("onderzoek[,]melding[,]besluit")"},
    {R"("interactionType":"likert","scale":[)"
     R"({"id":"likert_1","description":{"nl":"Helemaal niet","en":"Not at all"}},)"
     R"({"id":"likert_2","description":{"nl":"Een beetje","en":"A little"}},)"
     R"({"id":"likert_3","description":{"nl":"Goed","en":"Well"}}])",
     R"("likert_3")", R"("likert_1")"},
}};

} // namespace

void append_interaction(std::string& out, std::size_t question) {
    out.append(interactions[question % interactions.size()].definition);
}

void append_response(std::string& out, std::size_t question, bool right) {
    const Interaction& interaction = interactions[question % interactions.size()];
    out.append(right ? interaction.right : interaction.wrong);
}

} // namespace leerspoor::bench
