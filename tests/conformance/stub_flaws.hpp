// What the stub LRS can do wrong.
#pragma once

#include "spec/base/error.hpp"

#include <functional>
#include <set>

namespace leerspoor::tests {

enum class Flaw {
    loses_scores,
    refuses_long_numbers,
    reads_documents,
    canonical_counts_no_refusals,
    lists_have_no_date,
    lists_have_no_etag,
    compares_everything,
    knows_patches_only,
    rewrites_newer_statements,
    sets_no_timestamp,
    takes_any_bytes_for_an_attachment,
    takes_any_signature,
    voids_nothing,
    overwrites_statements,
    leaves_out_consistent_through,
    drops_more,
    since_includes_its_instant,
    until_excludes_its_instant,
    ignores_the_verb,
    ids_keep_names,
    canonical_ignores_languages,
    merges_deeply,
    lists_ignore_since,
    forgets_registrations,
    state_deletes_nothing,
    agent_profiles_are_one,
    activity_profiles_lose_their_type,
    persons_have_no_arrays,
    first_definition_stays,
    about_names_an_old_patch,
    about_tells_more,
    ignores_if_match,
    overwrites_unseen_documents,
    refusals_have_no_version,
    form_has_no_headers,
    stores_the_good_part_of_a_batch,
    takes_unknown_parameters,
    lets_anybody_in,
    // All of it, for every request.
    answers_nothing,
    answers_an_empty_object,
    refuses_everything,
};

struct Breaks {
    std::set<Flaw> flaws{};
    // Statements with such an error are taken as if they were valid, and not kept.
    std::function<bool(const Error&)> tolerates{};

    bool has(Flaw flaw) const { return flaws.contains(flaw); }
};

inline constexpr const char* stub_key = "key";
inline constexpr const char* stub_secret = "secret";

} // namespace leerspoor::tests
