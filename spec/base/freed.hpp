// Objects of C libraries that have a function of their own to free them: std::unique_ptr<X509,
// Freed<X509_free>>.
#pragma once

namespace leerspoor::spec {

template <auto free_function>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        free_function(object);
    }
};

} // namespace leerspoor::spec
