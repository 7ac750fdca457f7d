using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Resources;
using System.Text;

namespace VetCommunity.Tests.Browser;

/// <summary>English in disguise: each text in brackets, in letters with marks above and below, and 140 % as long. The program knows nothing of it: it finds other resources.</summary>
static class PseudoLanguage
{
    const string Plain = "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";
    const string Marked = "ÅåÇçĎďÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž";

    /// <summary>The sentence in disguise; places such as {0} stay.</summary>
    public static string Of(string text)
    {
        var disguised = new StringBuilder("⟦");
        var inPlace = false;
        foreach (var letter in text)
        {
            inPlace = letter == '{' || (inPlace && letter != '}');
            var at = inPlace ? -1 : Plain.IndexOf(letter, StringComparison.Ordinal);
            disguised.Append(at < 0 ? letter : Marked[at]);
        }
        // A word grows at its end, a sentence by words.
        var more = (text.Length * 2 + 4) / 5;
        if (text.Length > 15)
            disguised.Append(' ');
        for (var added = 0; added < more; added++)
            disguised.Append(text.Length > 15 && added % 8 == 7 ? ' ' : 'ö');
        return disguised.Append('⟧').ToString();
    }

    /// <summary>Makes the folder a copy of the program that speaks it instead of Catalan: what is not another is a link.</summary>
    /// <returns>The program's file.</returns>
    public static string TakeThePlaceOfCatalan(string program, string folder)
    {
        const string Catalan = "ca";
        var from = Path.GetDirectoryName(program)!;
        Directory.CreateDirectory(Path.Combine(folder, Catalan));
        foreach (var file in Directory.EnumerateFiles(from))
        {
            // The host of .NET follows a link before it looks around.
            if (Path.GetFileName(file).StartsWith(Path.GetFileNameWithoutExtension(program), StringComparison.Ordinal))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            else
                File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        }
        foreach (var other in Directory.EnumerateDirectories(from).Where(other => Path.GetFileName(other) != Catalan))
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(other)), other);
        foreach (var house in (Assembly[])[typeof(Core.Actor).Assembly, typeof(App.Texts.RoomTexts).Assembly])
            File.WriteAllBytes(Path.Combine(folder, Catalan, house.GetName().Name + ".resources.dll"), SatelliteOf(house, Catalan));
        return Path.Combine(folder, Path.GetFileName(program));
    }

    static byte[] SatelliteOf(Assembly house, string language)
    {
        var name = new AssemblyName(house.GetName().Name + ".resources") { Version = house.GetName().Version, CultureInfo = CultureInfo.GetCultureInfo(language) };
        var satellite = new PersistedAssemblyBuilder(name, typeof(object).Assembly);
        satellite.DefineDynamicModule(name.Name!);
        var metadata = satellite.GenerateMetadata(out var code, out var fields);
        var resources = new BlobBuilder();
        foreach (var family in house.GetManifestResourceNames().Where(one => one.EndsWith(".resources", StringComparison.Ordinal)))
        {
            var texts = Disguised(house.GetManifestResourceStream(family)!);
            metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(family[..^"resources".Length] + language + ".resources"), default, (uint)resources.Count);
            resources.WriteInt32(texts.Length);
            resources.WriteBytes(texts);
            resources.Align(8);
        }
        var file = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), code, mappedFieldData: fields, managedResources: resources).Serialize(file);
        return file.ToArray();
    }

    static byte[] Disguised(Stream english)
    {
        using var texts = new ResourceReader(english);
        using var stored = new MemoryStream();
        using (var writer = new ResourceWriter(stored))
        {
            foreach (System.Collections.DictionaryEntry text in texts)
                writer.AddResource((string)text.Key, Of((string)text.Value!));
            writer.Generate();
        }
        return stored.ToArray();
    }
}
