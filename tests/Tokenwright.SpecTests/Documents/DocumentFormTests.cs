using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>Tests each parser with a small page, because the vendors' documents are not available everywhere.</summary>
public sealed class DocumentFormTests
{
    private const string PythonSchema = """
        # extremecloudiq.model.sample_token.SampleToken

        ### Dictionary Keys
        Key | Input Type | Accessed Type | Description | Notes
        ------------ | ------------- | ------------- | ------------- | -------------
        **id** | decimal.Decimal, int,  | decimal.Decimal,  | Its id | value must be a 64 bit integer
        **[roles](#roles)** | list, tuple,  | tuple,  | Its roles | [optional]
        **created** | str, datetime,  | str,  | When | [optional] value must conform to RFC-3339 date-time
        **any_string_name** | dict, str | str | any name | [optional]

        # roles

        ### Tuple Items
        Class Name | Input Type | Accessed Type | Description | Notes
        ------------- | ------------- | ------------- | ------------- | -------------
        items | str,  | str,  | A role | 

        """;

    private const string TypeDoc = """
        [fimidara](../README.md) / ISampleToken

        # Interface: ISampleToken

        ## Table of contents

        - [expires](ISampleToken.md#expires)
        - [groups](ISampleToken.md#groups)

        ## Properties

        ### expires

        • `Optional` **expires**: `number`

        ### groups

        • **groups**: [`IGroup`](IGroup.md)[]

        """;

    private const string SdkModel = """
        developer.sailpoint.com/docs/tools/sdk/python/Sample.md
        SampleToken

        Properties

        Name Type Description Notes
        id str Its id (of the token). [required]
        scope []str [required]
        owner SampleOwner Who. [optional]
        used datetime When. [optional]
        managed bool Whether. [optional] [default to False]
        }

        sample = SampleToken(
        id='7',
        owner=sailpoint.v3.models.sample_owner.SampleOwner(
                            name = 'Ann',
                            active = True, ),
        managed=False
        )

        """;

    private const string Reference = """
        ApiTokenDetailsDto

        JSON Example
        {
            "expiresAt": 0,
            "scopes": {
                "roles": [
                    {
                        "name": "string"
                    }
                ]
            },
            "tags": [
                "string"
            ]
        }
        integer As int64 As int64
        expiresAt
        Optional

        When.

        scopes

        What for.

        array of string
        tags
        Optional

        Tags.
        """;

    private const string ClientOperations = """
        # xms_client.SampleApi

        Method | HTTP request | Description
        ------------- | ------------- | -------------
        [**list_tokens**](SampleApi.md#list_tokens) | **GET** /tokens/ | 
        [**rename_token**](SampleApi.md#rename_token) | **PATCH** /tokens/{id} | 

        # **list_tokens**

        ### Parameters
        This endpoint does not need any parameter.

        ### Return type

        [**TokensResp**](TokensResp.md)

        ### Authorization

        [inHeader](../README.md#inHeader), [inQuery](../README.md#inQuery)

        ### HTTP request headers

         - **Content-Type**: application/json
         - **Accept**: application/json, text/plain

        # **rename_token**

        ### Parameters

        Name | Type | Description  | Notes
        ------------- | ------------- | ------------- | -------------
         **id** | **int**| token id | 
         **force** | **bool**| anyway | [optional] 
         **body** | [**RenameReq**](RenameReq.md)| new name | 

        ### Return type

        void (empty response body)

        ### Authorization

        No authorization required

        ### HTTP request headers

         - **Content-Type**: application/json
         - **Accept**: application/json

        [[Back to top]](#)

        """;

    [Test]
    public void PythonSchemaPageIsRead() => AssertRead(new PythonSchemaPage(), PythonSchema, """
        schema,,SampleToken,object,,
        field,SampleToken,id,integer,int64,true
        field,SampleToken,roles,array<string>,,false
        field,SampleToken,created,string,date-time,false
        """);

    [Test]
    public void TypeDocPageIsRead() => AssertRead(new TypeDocPage(), TypeDoc, """
        schema,,ISampleToken,object,,
        field,ISampleToken,expires,number,,false
        field,ISampleToken,groups,array<IGroup>,,true
        """);

    [Test]
    public void SdkModelPageIsRead() => AssertRead(new SdkModelPage(), SdkModel, """
        schema,,SampleToken,object,,
        field,SampleToken,id,string,,true
        field,SampleToken,scope,array<string>,,true
        field,SampleToken,owner,SampleOwner,,false
        field,SampleToken,used,string,date-time,false
        field,SampleToken,managed,boolean,,false
        schema,,SampleOwner,object,,
        field,SampleOwner,name,string,,
        field,SampleOwner,active,boolean,,
        """);

    [Test]
    public void ReferencePageIsRead() => AssertRead(new ReferencePage(), Reference, """
        schema,,ApiTokenDetailsDto,object,,
        field,ApiTokenDetailsDto,expiresAt,integer,int64,false
        field,ApiTokenDetailsDto,scopes,object,,true
        field,ApiTokenDetailsDto,scopes.roles,array<object>,,
        field,ApiTokenDetailsDto,scopes.roles[].name,string,,
        field,ApiTokenDetailsDto,tags,array<string>,,false
        """);

    [Test]
    public void ClientOperationsPageIsRead() => AssertRead(new ClientOperationsPage(), ClientOperations, """
        operation,list_tokens,GET /tokens/,,,
        returns,list_tokens,,TokensResp,,
        security,list_tokens,inHeader,,,
        security,list_tokens,inQuery,,,
        consumes,list_tokens,application/json,,,
        produces,list_tokens,application/json,,,
        produces,list_tokens,text/plain,,,
        operation,rename_token,PATCH /tokens/{id},,,
        parameter,rename_token,id,integer,,true
        parameter,rename_token,force,boolean,,false
        body,rename_token,body,RenameReq,,true
        returns,rename_token,,void,,
        consumes,rename_token,application/json,,,
        produces,rename_token,application/json,,,
        """);

    [TestCase(typeof(PythonSchemaPage), PythonSchema, "str, datetime,", "str, complex,")]
    [TestCase(typeof(PythonSchemaPage), PythonSchema, "value must be a 64 bit integer", "value must be even")]
    [TestCase(typeof(PythonSchemaPage), PythonSchema, "# roles", "# others")]
    [TestCase(typeof(TypeDocPage), TypeDoc, "`number`", "`Record<string, number>`")]
    [TestCase(typeof(TypeDocPage), TypeDoc, "### groups", "### others")]
    [TestCase(typeof(TypeDocPage), TypeDoc, "• **groups**", "**groups**")]
    [TestCase(typeof(SdkModelPage), SdkModel, "Whether. [optional]", "Whether.")]
    [TestCase(typeof(SdkModelPage), SdkModel, "active = True", "active = now()")]
    [TestCase(typeof(SdkModelPage), SdkModel, "used datetime", "used time")]
    [TestCase(typeof(ReferencePage), Reference, "array of string", "map of string")]
    [TestCase(typeof(ReferencePage), Reference, "tags\nOptional", "labels\nOptional")]
    [TestCase(typeof(ReferencePage), Reference, "array of string\ntags\nOptional\n\nTags.", "")]
    [TestCase(typeof(ClientOperationsPage), ClientOperations, "# **rename_token**", "# **update_token**")]
    [TestCase(typeof(ClientOperationsPage), ClientOperations, "void (empty response body)", "nothing")]
    [TestCase(typeof(ClientOperationsPage), ClientOperations, "**int**", "**complex**")]
    [TestCase(typeof(ClientOperationsPage), ClientOperations, "### Return type", "### Returns")]
    public void WhatTheParserDoesNotKnowIsRefused(Type form, string page, string part, string instead)
    {
        var parser = (IVendorDocument)Activator.CreateInstance(form)!;
        Assert.That(() => parser.Read(Checks.Sample.With(page, part, instead)).ToList(), Throws.InstanceOf<FormatException>());
    }

    private static void AssertRead(IVendorDocument form, string page, string rows)
    {
        var expected = DocumentedFact.ParseAll($"{DocumentedFact.Header}\n{rows}\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(form.Recognises(page));
            Assert.That(VendorDocuments.Forms.Count(other => other.Recognises(page)), Is.EqualTo(1));
            Assert.That(form.Read(page), Is.EqualTo(expected));
        }
    }
}
