#include "server/xapi/render.hpp"

#include "spec/base/json.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>

namespace leerspoor::server::xapi {
namespace {

std::vector<std::string> languages_of(spec::Format format, std::string_view accept_language) {
    if (format != spec::Format::canonical) return {};
    return spec::parse_accept_language(accept_language);
}

} // namespace

Renderer::Renderer(storage::RecordStore& store, storage::StoreId tenant, spec::Version version,
                   spec::Format format, std::string_view accept_language)
    : store_(store), tenant_(tenant), version_(version), format_(format),
      languages_(languages_of(format, accept_language)) {}

Result<void> Renderer::render(const storage::StoredStatement& stored, std::string& out) {
    const bool too_new = version_ == spec::Version::v1_0_3 && stored.version != spec::Version::v1_0_3;
    if (format_ == spec::Format::exact && !too_new) {
        out += stored.bytes;
        return {};
    }
    thread_local std::array<unsigned char, 32u << 10> buffer;
    boost::json::monotonic_resource memory(buffer.data(), buffer.size());
    auto statement =
        spec::parse_json(stored.bytes, spec::stored_json_depth, boost::json::storage_ptr(&memory));
    if (!statement || !statement->is_object()) {
        return Error{"store_damaged", "",
                     "The statement " + spec::to_string(stored.id) + " is not readable."};
    }
    auto& object = statement->get_object();
    if (too_new) spec::reduce_to_1_0_3(object);
    if (format_ == spec::Format::ids) {
        spec::reduce_to_ids(object);
    } else if (format_ == spec::Format::canonical) {
        spec::make_canonical(object, languages_, [this](std::string_view id) { return definition_of(id); });
    }
    spec::write_json(object, out);
    return state_;
}

const boost::json::object* Renderer::definition_of(std::string_view activity_id) {
    auto known = definitions_.find(activity_id);
    if (known == definitions_.end()) {
        known = definitions_.emplace(std::string(activity_id), std::nullopt).first;
        const auto text = store_.activity_definition(tenant_, activity_id);
        if (!text) {
            state_ = text.error();
        } else if (*text) {
            auto parsed = spec::parse_json(**text, spec::stored_json_depth);
            if (parsed && parsed->is_object()) known->second = std::move(parsed->get_object());
        }
    }
    return known->second ? &*known->second : nullptr;
}

} // namespace leerspoor::server::xapi
