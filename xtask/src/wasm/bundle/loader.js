const bundles = new Map();
const parts = new Map();
// A failure is forgotten: the next call asks again.
const once = (known, name, make) => {
    if (!known.has(name)) {
        const made = make();
        known.set(name, made);
        made.catch(() => known.delete(name));
    }
    return known.get(name);
};
const open = (file) => once(bundles, file, () => WebAssembly.compileStreaming(fetch(new URL(file, import.meta.url))));
const load = (files, names) => async (callback, data) => {
    let success = false;
    try {
        const opened = await Promise.all(files.map(open));
        const { customSections } = WebAssembly.Module;
        // A part writes its data into the memory when it starts, so each part starts once.
        await Promise.all(names.split(" ").map((name) => once(parts, name, async () => {
            const [code] = opened.flatMap((bundle) => customSections(bundle, name));
            return WebAssembly.instantiate(code, getSharedImports());
        })));
        success = true;
    } catch (error) {
        console.error(error);
    }
    getSharedImports().__wasm_split.__indirect_function_table.get(callback)(data, success);
};
