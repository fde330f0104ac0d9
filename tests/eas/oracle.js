// Answers, for each eas.json text on a line of its own (as a JSON string), what EAS makes of it.
const readline = require("readline");
const { EasJsonAccessor, EasJsonUtils } = require("@expo/eas-json");

const plain = (value) => {
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  return value;
};

async function answer(text) {
  const out = { read: false, valid: false, profiles: {}, submits: {} };
  try {
    out.value = plain(await EasJsonAccessor.fromRawString(text).readRawJsonAsync());
    out.read = true;
  } catch (error) {
    return out;
  }
  const accessor = EasJsonAccessor.fromRawString(text);
  let names;
  try {
    names = await EasJsonUtils.getBuildProfileNamesAsync(accessor);
    out.valid = true;
  } catch (error) {
    return out;
  }
  for (const name of names)
    for (const platform of ["android", "ios"])
      try {
        const profile = await EasJsonUtils.getBuildProfileAsync(accessor, platform, name);
        out.profiles[`${name}/${platform}`] = plain(profile);
      } catch (error) {
        out.profiles[`${name}/${platform}`] = null;
      }
  for (const name of await EasJsonUtils.getSubmitProfileNamesAsync(accessor))
    for (const platform of ["android", "ios"])
      try {
        const profile = await EasJsonUtils.getSubmitProfileAsync(accessor, platform, name);
        out.submits[`${name}/${platform}`] = plain(profile);
      } catch (error) {
        out.submits[`${name}/${platform}`] = null;
      }
  return out;
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
  }
})();
