using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>A small vendor that passes every check. The fixtures break one part of it and expect the check to report that.</summary>
internal static class Sample
{
    public const string Yaml = """
        openapi: 3.0.3
        info:
          title: Sample
          version: '1'
          description: A vendor made up for the tests of the checks.
        servers:
          - url: https://api.example.com
            description: Production.
        tags:
          - name: tokens
            description: Tokens.
        paths:
          /tokens/{token_id}:
            patch:
              operationId: UpdateToken
              tags: [tokens]
              summary: Rename a token
              description: Changes the name and nothing else.
              security:
                - header: []
              parameters:
                - name: token_id
                  in: path
                  required: true
                  description: Id of the token.
                  schema:
                    type: integer
                    format: int32
                  example: 7
              requestBody:
                required: true
                description: The new name.
                content:
                  application/json:
                    schema:
                      $ref: '#/components/schemas/TokenUpdate'
                    example:
                      name: build
              responses:
                '200':
                  description: The token.
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Token'
                      example:
                        id: 7
                        createdAt: yesterday
                        owner:
                          name: null
                        roles: [reader]
                '201':
                  description: Accepted as well.
                  x-tolerated: true
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Token'
        components:
          securitySchemes:
            header:
              type: apiKey
              in: header
              name: X-Token
              description: The token.
          schemas:
            TokenUpdate:
              type: object
              description: What can be changed.
              additionalProperties: false
              required: [name]
              properties:
                name:
                  type: string
                  minLength: 2
                  maxLength: 8
                  description: The name.
            Token:
              type: object
              description: A token.
              x-documented-name: IToken
              required: [id]
              properties:
                id:
                  type: integer
                  format: int64
                  nullable: true
                  x-documented-nullable: false
                  minimum: 1
                  description: Its id.
                createdAt:
                  type: string
                  format: date-time
                  x-documented-type: number
                  x-documented-required: true
                  description: When it was created.
                owner:
                  $ref: '#/components/schemas/Owner'
                roles:
                  type: array
                  maxItems: 2
                  uniqueItems: true
                  description: Its roles.
                  items:
                    type: string
                    x-extensible-enum: [reader]
            Owner:
              type: object
              description: An owner.
              properties:
                name:
                  type: string
                  nullable: true
                  description: Its name.

        """;

    public const string Csv = """
        kind,owner,name,type,format,required
        schema,,IToken,object,,
        field,IToken,id,integer,int64,true
        field,IToken,created_at,number,,true
        field,IToken,owner,Owner,,false
        field,IToken,owner.name,string,,
        field,IToken,roles,array<string>,,false
        operation,update_token,PATCH /tokens/{token_id},,,
        parameter,update_token,token_id,integer,int32,true
        body,update_token,body,TokenUpdate,,true
        returns,update_token,,IToken,,
        security,update_token,header,,,
        consumes,update_token,application/json,,,
        produces,update_token,application/json,,,

        """;

    public const string Markdown = """
        # Sample: where the spec comes from

        ## Sources

        | key | source | version | nature |
        |---|---|---|---|
        | P | a page | 1 | page |
        | AB | another page | 1 | page |

        ## Operations

        | operation | grade | source | remark |
        |---|---|---|---|
        | `UpdateToken` | documented | P; the model AB | |

        ## Schemas

        | schema | grade | source | remark |
        |---|---|---|---|
        | `TokenUpdate` | observed | P | |
        | `Token` | reconstructed | AB | |
        | `Owner` | documented | P | |

        ## Documented and live

        ## Not established

        """;

    public static SpecFile Spec => SpecFile.Parse(Yaml);

    public static SpecFile SpecWith(string part, string instead) => SpecFile.Parse(With(Yaml, part, instead));

    /// <summary>
    /// Replaces the first occurrence of a part. Fails if the text doesn't contain the part, because then nothing would be broken.
    /// </summary>
    public static string With(string text, string part, string instead)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.That(at, Is.Not.Negative, $"The sample does not hold '{part}'.");
        return string.Concat(text.AsSpan(0, at), instead, text.AsSpan(at + part.Length));
    }
}
