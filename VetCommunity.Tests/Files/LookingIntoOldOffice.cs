using System.Buffers.Binary;
using VetCommunity.Core;
using VetCommunity.Core.Files;
using Xunit;

namespace VetCommunity.Tests.Files;

[Promise("IN3")]
public class LookingIntoOldOffice
{
    public static TheoryData<string, string> Taken => new()
    {
        { "doc", "application/msword" }, { "xls", "application/vnd.ms-excel" }, { "xls with a chart", "application/vnd.ms-excel" }, { "ppt", "application/vnd.ms-powerpoint" },
        { "doc with a workbook in it", "application/msword" }, { "large doc", "application/msword" }, { "doc without its last bytes", "application/msword" },
    };

    [Theory, MemberData(nameof(Taken))]
    public async Task Files_of_1997_to_2003_are_recognised_by_what_lies_in_them(string what, string type) => Assert.Equal(type, (await TypeAsync(FileOf(what))).ContentType);

    public static TheoryData<string, Refusal> Refused => new()
    {
        { "doc with macros", Refusal.FileWithMacros }, { "xls with Basic", Refusal.FileWithMacros }, { "xls with a macro sheet", Refusal.FileWithMacros }, { "xls with a module", Refusal.FileWithMacros },
        { "ppt with Basic", Refusal.FileWithMacros }, { "macros deep inside", Refusal.FileWithMacros }, { "macros in small letters", Refusal.FileWithMacros }, { "doc and xls with a macro sheet", Refusal.FileWithMacros },
        { "encrypted xls", Refusal.FileNotAccepted }, { "encrypted ppt", Refusal.FileNotAccepted }, { "older doc", Refusal.FileNotAccepted },
        { "installer", Refusal.FileNotAccepted }, { "encrypted docx", Refusal.FileNotAccepted }, { "a storage called so", Refusal.FileNotAccepted }, { "a swarm", Refusal.FileNotAccepted },
        { "head alone", Refusal.FileNotAccepted }, { "half", Refusal.FileNotAccepted },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_could_hold_macros_or_cannot_be_looked_into_is_refused(string what, Refusal why) =>
        Assert.Equal(why, await World.RefusalOfAsync(() => TypeAsync(FileOf(what))));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(0xFFFFFFFA)]
    public async Task Numbers_that_lead_astray_end_in_a_refusal(uint number)
    {
        // Each number of the header and of the table of sectors in turn: circles, lengths without end, sectors that are not there.
        var file = MadeCompoundFiles.Doc(("Macros", new byte[20]));
        var table = file.Length - 512;
        foreach (var at in Enumerable.Range(6, 122).Select(one => one * 4).Concat(Enumerable.Range(0, 128).Select(one => table + (one * 4))))
        {
            var changed = file.ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), number);
            await EndsAsync(changed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_changed_in_one_it_is_a_type_or_a_refusal(int seed)
    {
        var random = new Random(seed);
        byte[][] files = [MadeCompoundFiles.Doc(("ObjectPool/_1/Workbook", new byte[5_000])), MadeCompoundFiles.Xls(), MadeCompoundFiles.Ppt(), MadeCompoundFiles.Xls(0, ("_VBA_PROJECT_CUR/VBA/dir", new byte[90]))];
        for (var round = 0; round < 2_000; round++)
        {
            var file = files[random.Next(files.Length)].ToArray();
            for (var change = random.Next(1, 20); change > 0; change--)
            {
                // Where it says how it is made more than in its content.
                var at = random.Next(3) switch { 0 => random.Next(8, 512), 1 => Math.Max(8, file.Length - random.Next(1, 3_000)), _ => random.Next(8, file.Length) };
                file[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(random.Next(2) * 255);
            }
            if (random.Next(10) == 0)
                file = file[..random.Next(8, file.Length)];
            await EndsAsync(file);
        }
    }

    static async Task EndsAsync(byte[] file)
    {
        try
        {
            Assert.Contains(await Task.Run(() => TypeAsync(file)).WaitAsync(Patience.Enough), (FileType[])[FileType.Doc, FileType.Xls, FileType.Ppt]);
        }
        catch (RefusedException refused)
        {
            Assert.Contains(refused.Refusal, (Refusal[])[Refusal.FileNotAccepted, Refusal.FileWithMacros]);
        }
    }

    static async Task<FileType> TypeAsync(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return await Recognition.OfAsync(stream, "x.txt", TestContext.Current.CancellationToken);
    }

    static byte[] FileOf(string what) => what switch
    {
        "doc" => MadeCompoundFiles.Doc(),
        "xls" => MadeCompoundFiles.Xls(),
        "xls with a chart" => MadeCompoundFiles.Xls(2),
        "ppt" => MadeCompoundFiles.Ppt(),
        "doc with a workbook in it" => MadeCompoundFiles.Doc(("ObjectPool/_1/Workbook", new byte[5_000])),
        // More sectors than the header can name the tables of.
        "large doc" => MadeCompoundFiles.Doc(("Data", new byte[9_000_000])),
        "doc without its last bytes" => MadeCompoundFiles.Doc()[..^100],
        "doc with macros" => MadeCompoundFiles.Doc(("Macros/VBA/dir", new byte[90])),
        "xls with Basic" => MadeCompoundFiles.Xls(0, ("_VBA_PROJECT_CUR/PROJECT", new byte[90])),
        "xls with a macro sheet" => MadeCompoundFiles.Xls(1),
        "xls with a module" => MadeCompoundFiles.Xls(6),
        "ppt with Basic" => MadeCompoundFiles.Ppt(0x1F, 0x00, 0xFF, 0x03, 0x14, 0, 0, 0, 0x02, 0, 0, 0x04, 0x0C, 0, 0, 0),
        "macros deep inside" => MadeCompoundFiles.Doc(("ObjectPool/_1/Macros/VBA/dir", new byte[90])),
        "macros in small letters" => MadeCompoundFiles.Doc(("macros/PROJECT", new byte[90])),
        "doc and xls with a macro sheet" => MadeCompoundFiles.Xls(1, ("WordDocument", [0xEC, 0xA5, 0xC1, 0, .. new byte[4_200]])),
        "encrypted xls" => MadeCompoundFiles.EncryptedXls(),
        "encrypted ppt" => MadeCompoundFiles.Ppt(0x0F, 0x00, 0x14, 0x2F, 8, 0, 0, 0),
        "older doc" => MadeCompoundFiles.Of([("WordDocument", [0xDC, 0xA5, 0x68, 0, .. new byte[4_200]])]),
        "installer" => MadeCompoundFiles.Of([("Binary", new byte[5_000])]),
        "encrypted docx" => MadeCompoundFiles.Of([("EncryptionInfo", new byte[200]), ("EncryptedPackage", new byte[5_000])]),
        "a storage called so" => MadeCompoundFiles.Of([("WordDocument/x", new byte[5_000])]),
        "a swarm" => MadeCompoundFiles.Doc([.. Enumerable.Range(0, 6_000).Select(n => ($"s{n}", Array.Empty<byte>()))]),
        "head alone" => MadeCompoundFiles.Doc()[..512],
        "half" => MadeCompoundFiles.Doc()[..3_000],
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such file"),
    };
}
